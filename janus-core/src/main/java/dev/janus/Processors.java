package dev.janus;

/** Whether the JVM has more than one processor. Otherwise a thread that spins only delays the one it waits for. */
final class Processors {
    private static final int ASK_EVERY = 1024;

    /** Read and written by all threads. A lost update does not matter. */
    private static int calls;

    private static boolean several = ask();

    private Processors() {}

    /** Returns true if there are several. Asks the JVM again now and then: a container may get more, or fewer. */
    static boolean areSeveral() {
        if (++calls % ASK_EVERY == 0) {
            several = ask();
        }
        return several;
    }

    private static boolean ask() {
        return Runtime.getRuntime().availableProcessors() > 1;
    }
}
