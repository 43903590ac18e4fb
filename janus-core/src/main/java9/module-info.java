/** A queue with two faces: blocking for Java threads, suspending for Kotlin coroutines. */
module dev.janus {
    requires transitive kotlin.stdlib;
    requires transitive kotlinx.coroutines.core;
    requires static transitive org.jspecify;

    exports dev.janus;
}
