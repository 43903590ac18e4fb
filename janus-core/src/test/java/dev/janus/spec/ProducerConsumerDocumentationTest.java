package dev.janus.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.janus.JanusQueue;
import dev.janus.fixtures.Await;
import dev.janus.fixtures.PutCall;
import dev.janus.fixtures.QueueAssertions;
import dev.janus.fixtures.QueueKind;
import dev.janus.fixtures.QueueSuite;
import dev.janus.fixtures.Running;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the class description of {@link BlockingQueue} says of several threads: atomic methods and bulk methods that need
 * not be (6th paragraph), the end of the stream (7th), and the usage example (8th).
 */
class ProducerConsumerDocumentationTest extends QueueSuite {
    private static final Integer POISON = Integer.MAX_VALUE;
    private static final int PRODUCERS = 3;
    private static final int EACH = 300;
    private static final int RACED = 200;

    /** How the threads of a race take elements out; each keeps what it got. */
    enum Remover {
        POLL {
            @Override
            void remove(BlockingQueue<Integer> queue, Collection<Integer> got) {
                for (Integer element = queue.poll(); element != null; element = queue.poll()) {
                    got.add(element);
                }
            }
        },
        DRAIN_TO {
            @Override
            void remove(BlockingQueue<Integer> queue, Collection<Integer> got) {
                while (!queue.isEmpty()) {
                    queue.drainTo(got, 3);
                }
            }
        },
        REMOVE_ELEMENT {
            @Override
            void remove(BlockingQueue<Integer> queue, Collection<Integer> got) {
                IntStream.range(0, RACED).filter(queue::remove).forEach(got::add);
            }
        },
        REMOVE_IF {
            @Override
            void remove(BlockingQueue<Integer> queue, Collection<Integer> got) {
                for (int i = 0; i < RACED; i++) {
                    Integer wanted = i;
                    if (queue.removeIf(wanted::equals)) {
                        got.add(wanted);
                    }
                }
            }
        },
        REMOVE_ALL {
            @Override
            void remove(BlockingQueue<Integer> queue, Collection<Integer> got) {
                IntStream.range(0, RACED)
                        .filter(i -> queue.removeAll(Set.of(i)))
                        .forEach(got::add);
            }
        },
        RETAIN_ALL {
            @Override
            void remove(BlockingQueue<Integer> queue, Collection<Integer> got) {
                for (int i = 0; i < RACED; i++) {
                    Set<Integer> others = new HashSet<>(numbers(RACED));
                    others.remove(i);
                    if (queue.retainAll(others)) {
                        got.add(i);
                    }
                }
            }
        };

        abstract void remove(BlockingQueue<Integer> queue, Collection<Integer> got);
    }

    static Stream<Arguments> unboundedByRemover() {
        return QueueKind.every()
                .filter(kind -> kind.capacity() == QueueKind.UNBOUNDED)
                .flatMap(kind -> Stream.of(Remover.values()).map(remover -> Arguments.of(kind, remover)));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("unboundedByRemover")
    @DisplayName("6th paragraph: of several threads that remove, each element goes to one")
    void everyRemoval_raced_givesEachElementToOneThread(QueueKind kind, Remover remover) throws Exception {
        JanusQueue<Integer> queue = queueOf(kind, numbers(RACED));
        CountDownLatch start = new CountDownLatch(1);
        List<Running<List<Integer>>> removers = started(3, () -> {
            List<Integer> got = new ArrayList<>();
            start.await();
            remover.remove(queue.sync(), got);
            return got;
        });
        start.countDown();
        assertEachOnce(RACED, together(removers));
        assertEquals(0, queue.size());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("unbounded")
    @DisplayName("6th paragraph: of several threads that insert, nobody's element is lost")
    void everyInsertion_raced_addsEachElementOnce(QueueKind kind) throws Exception {
        JanusQueue<Integer> queue = queue(kind);
        List<Running<Void>> inserters = new ArrayList<>();
        for (PutCall put : PutCall.values()) {
            inserters.add(Running.start(() -> {
                for (int i = 0; i < RACED; i++) {
                    put.put(queue, put.ordinal() * RACED + i);
                }
                return null;
            }));
        }
        for (Running<Void> inserter : inserters) {
            inserter.result();
        }
        assertEachOnce(PutCall.values().length * RACED, QueueAssertions.takeAll(queue));
    }

    static Stream<QueueKind> unbounded() {
        return QueueKind.every().filter(kind -> kind.capacity() == QueueKind.UNBOUNDED);
    }

    @QueueKind.Bounded
    @DisplayName("6th paragraph: an addAll that fails may have added some, and they are the first")
    void addAll_moreThanFits_addsTheFirst(QueueKind kind) {
        JanusQueue<Integer> queue = queue(kind);
        List<Integer> tooMany = new ArrayList<>(kind.fillingElements());
        tooMany.addAll(List.of(1000, 1001));
        assertThrows(IllegalStateException.class, () -> queue.sync().addAll(tooMany));
        assertEquals(kind.arranged(kind.fillingElements()), QueueAssertions.takeAll(queue));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("fifo")
    @DisplayName("7th paragraph: a poison element ends the stream for each consumer")
    void take_poison_comesAfterWhatWasPutBefore(QueueKind kind) throws Exception {
        JanusQueue<Integer> queue = queue(kind);
        List<Running<List<Integer>>> consumers = started(2, () -> untilPoison(queue.sync()));
        for (Integer element : numbers(EACH)) {
            queue.sync().put(element);
        }
        for (int i = 0; i < consumers.size(); i++) {
            queue.sync().put(POISON);
        }
        List<Integer> consumed = new ArrayList<>();
        for (Running<List<Integer>> consumer : consumers) {
            assertEquals(sorted(consumer.result()), consumer.result(), "one producer's elements in its order");
            consumed.addAll(consumer.result());
        }
        assertEachOnce(EACH, consumed);
    }

    static Stream<QueueKind> fifo() {
        return QueueKind.every().filter(kind -> kind.order() == QueueKind.Order.FIFO);
    }

    private static List<Integer> untilPoison(BlockingQueue<Integer> queue) throws InterruptedException {
        List<Integer> consumed = new ArrayList<>();
        for (Integer element = queue.take(); !element.equals(POISON); element = queue.take()) {
            consumed.add(element);
        }
        return consumed;
    }

    @QueueKind.Every
    @DisplayName("8th paragraph: several producers and several consumers, ended by interruption")
    void putAndTake_severalProducersAndConsumers_loseAndDoubleNothing(QueueKind kind) throws Exception {
        JanusQueue<Integer> queue = queue(kind);
        Queue<Integer> consumed = new ConcurrentLinkedQueue<>();
        List<Running<Boolean>> consumers = started(2, () -> consumeUntilInterrupted(queue.sync(), consumed));
        List<Running<Void>> producers = new ArrayList<>();
        for (int producer = 0; producer < PRODUCERS; producer++) {
            int first = producer * EACH;
            producers.add(Running.start(() -> {
                for (int i = 0; i < EACH; i++) {
                    queue.sync().put(first + i);
                }
                return null;
            }));
        }
        for (Running<Void> producer : producers) {
            producer.result();
        }
        Await.awaitUntil("everything consumed", () -> consumed.size() >= PRODUCERS * EACH);
        for (Running<Boolean> consumer : consumers) {
            consumer.interrupt();
            assertTrue(consumer.result());
        }
        assertEachOnce(PRODUCERS * EACH, consumed);
    }

    /** The example's consumer; true when it was interrupted. */
    private static boolean consumeUntilInterrupted(BlockingQueue<Integer> queue, Queue<Integer> consumed) {
        try {
            while (true) {
                consumed.add(queue.take());
            }
        } catch (InterruptedException e) {
            return true;
        }
    }

    private static <T> List<Running<T>> started(int count, Callable<T> body) {
        return Stream.generate(() -> Running.start(body)).limit(count).toList();
    }

    private static List<Integer> together(List<Running<List<Integer>>> calls) throws Exception {
        List<Integer> all = new ArrayList<>();
        for (Running<List<Integer>> call : calls) {
            all.addAll(call.result());
        }
        return all;
    }

    private static void assertEachOnce(int count, Collection<Integer> got) {
        List<Integer> twice = new ArrayList<>(got);
        List<Integer> missing = new ArrayList<>(numbers(count));
        missing.removeAll(got);
        numbers(count).forEach(twice::remove);
        assertEquals(List.of(), twice, "more than once, or not an element");
        assertEquals(List.of(), missing, "missing");
    }

    private static List<Integer> numbers(int count) {
        return IntStream.range(0, count).boxed().toList();
    }

    private static List<Integer> sorted(Collection<Integer> elements) {
        return elements.stream().sorted().toList();
    }
}
