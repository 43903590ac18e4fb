package dev.janus.spec;

import com.google.common.collect.testing.QueueTestSuiteBuilder;
import com.google.common.collect.testing.TestStringQueueGenerator;
import com.google.common.collect.testing.features.CollectionFeature;
import com.google.common.collect.testing.features.CollectionSize;
import com.google.common.collect.testing.features.Feature;
import dev.janus.JanusQueue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.function.Supplier;
import junit.framework.Test;
import junit.framework.TestSuite;
import org.junit.runner.RunWith;
import org.junit.runners.AllTests;

/** Guava's tests of what a {@link Queue} is, on the sync face. */
@RunWith(AllTests.class)
public class GuavaQueueSuiteTest {
    private static final Feature<?>[] GENERAL_PURPOSE = {
        CollectionSize.ANY, CollectionFeature.GENERAL_PURPOSE, CollectionFeature.ALLOWS_NULL_QUERIES
    };
    private static final Feature<?>[] GENERAL_PURPOSE_ORDERED = {
        CollectionSize.ANY,
        CollectionFeature.GENERAL_PURPOSE,
        CollectionFeature.ALLOWS_NULL_QUERIES,
        CollectionFeature.KNOWN_ORDER
    };

    public static Test suite() {
        TestSuite suite = new TestSuite("SyncQueue as a Queue");
        suite.addTest(suite("fifo 64", () -> JanusQueue.fifo(64), GENERAL_PURPOSE_ORDERED));
        suite.addTest(suite("unbounded", JanusQueue::unbounded, GENERAL_PURPOSE_ORDERED));
        suite.addTest(suite("lifo 64", () -> JanusQueue.lifo(64), GENERAL_PURPOSE_ORDERED));
        // Which way its iterator goes is not said: PriorityQueue shows its heap.
        suite.addTest(suite("priority 64", () -> JanusQueue.priority(64), GENERAL_PURPOSE));
        return suite;
    }

    private static TestSuite suite(String name, Supplier<JanusQueue<String>> queues, Feature<?>... features) {
        return QueueTestSuiteBuilder.using(new Generator(queues, name.startsWith("lifo")))
                .named(name)
                .withFeatures(features)
                .createTestSuite();
    }

    private static final class Generator extends TestStringQueueGenerator {
        private final Supplier<JanusQueue<String>> queues;
        private final boolean newestFirst;

        Generator(Supplier<JanusQueue<String>> queues, boolean newestFirst) {
            this.queues = queues;
            this.newestFirst = newestFirst;
        }

        @Override
        protected Queue<String> create(String[] elements) {
            List<String> order = new ArrayList<>(Arrays.asList(elements));
            if (newestFirst) {
                // The suite wants to find the first of them at the head.
                Collections.reverse(order);
            }
            Queue<String> queue = queues.get().sync();
            queue.addAll(order);
            return queue;
        }
    }
}
