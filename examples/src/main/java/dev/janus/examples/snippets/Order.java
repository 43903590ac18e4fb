package dev.janus.examples.snippets;

/** The element type of most snippets. */
final class Order implements Comparable<Order> {
    private final int due;

    Order(int deadline) {
        this.due = deadline;
    }

    int deadline() {
        return due;
    }

    @Override
    public int compareTo(Order other) {
        return Integer.compare(due, other.due);
    }
}
