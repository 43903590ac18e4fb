package dev.janus.examples;

import java.io.PrintStream;

/** A plain Java thread that waits for each tick and prints it. It does not know that they come from a flow. */
final class TickPrinter implements Runnable {
    private final Iterable<Integer> ticks;
    private final PrintStream out;

    TickPrinter(Iterable<Integer> ticks, PrintStream out) {
        this.ticks = ticks;
        this.out = out;
    }

    @Override
    public void run() {
        for (int tick : ticks) { // blocks this thread until the next one comes
            out.println("Tick " + tick);
        }
        out.println("Done.");
    }
}
