package dev.janus.hostile;

import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.janus.JanusQueue;
import dev.janus.SyncQueue;
import dev.janus.fixtures.QueueSuite;
import dev.janus.fixtures.Running;
import java.util.AbstractCollection;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Code of the caller that the sync face calls back runs with the queue open to all others. */
class ForeignCodeTest extends QueueSuite {

    /** The calls that run code of the caller, which runs {@code foreign} each time. */
    enum Call {
        REMOVE_IF((sync, foreign) -> sync.removeIf(element -> {
            foreign.run();
            return false;
        })),
        REMOVE_ALL((sync, foreign) -> sync.removeAll(collection(foreign))),
        RETAIN_ALL((sync, foreign) -> sync.retainAll(collection(foreign))),
        CONTAINS_ALL((sync, foreign) -> sync.containsAll(collection(foreign))),
        ADD_ALL((sync, foreign) -> sync.addAll(collection(foreign))),
        PUT_ALL((sync, foreign) -> sync.putAll(collection(foreign))),
        DRAIN_TO((sync, foreign) -> sync.drainTo(collection(foreign))),
        FOR_EACH((sync, foreign) -> sync.forEach(element -> foreign.run())),
        STREAM((sync, foreign) -> sync.stream().forEach(element -> foreign.run())),
        SPLITERATOR((sync, foreign) -> sync.spliterator().tryAdvance(element -> foreign.run())),
        ITERATOR((sync, foreign) -> sync.iterator().forEachRemaining(element -> foreign.run())),
        TO_ARRAY((sync, foreign) -> sync.toArray(size -> {
            foreign.run();
            return new Integer[size];
        }));

        private final Body body;

        Call(Body body) {
            this.body = body;
        }

        private interface Body {
            void run(SyncQueue<Integer> sync, Runnable foreign) throws InterruptedException;
        }

        private static Collection<Integer> collection(Runnable foreign) {
            List<Integer> elements = new ArrayList<>(List.of(1));
            return new AbstractCollection<>() {
                @Override
                public Iterator<Integer> iterator() {
                    foreign.run();
                    return elements.iterator();
                }

                @Override
                public boolean contains(Object element) {
                    foreign.run();
                    return elements.contains(element);
                }

                @Override
                public boolean add(Integer element) {
                    foreign.run();
                    return elements.add(element);
                }

                @Override
                public int size() {
                    return elements.size();
                }
            };
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyCallback_queueUsedByAnotherThread_isNotLocked(Call call) throws InterruptedException {
        JanusQueue<Integer> queue = checked(JanusQueue.fifo(8));
        queue.sync().addAll(List.of(1, 2));
        List<Integer> sizes = new ArrayList<>();
        call.body.run(queue.sync(), () -> sizes.add(sizeSeenByAnotherThread(queue)));
        assertFalse(sizes.isEmpty(), "the callback ran");
    }

    private static int sizeSeenByAnotherThread(JanusQueue<Integer> queue) {
        try {
            return Running.start(() -> queue.sync().size()).result();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
