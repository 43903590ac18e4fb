package dev.janus.examples;

/** Waits for each tick on a plain Java thread, and prints it. It does not know that the ticks come from a flow. */
final class TickPrinter implements Runnable {
    private final Iterable<Integer> ticks;

    TickPrinter(Iterable<Integer> ticks) {
        this.ticks = ticks;
    }

    @Override
    public void run() {
        for (int tick : ticks) { // blocks this thread until the next tick
            System.out.println("Tick " + tick);
        }
        System.out.println("Done.");
    }
}
