/** Kotlin extensions of {@code dev.janus}. */
module dev.janus.kotlin {
    requires transitive dev.janus;

    exports dev.janus.kotlin;
}
