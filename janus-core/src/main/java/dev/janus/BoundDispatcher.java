package dev.janus;

import java.util.concurrent.atomic.AtomicReference;
import kotlin.coroutines.ContinuationInterceptor;
import kotlin.coroutines.CoroutineContext;
import kotlin.coroutines.EmptyCoroutineContext;
import kotlinx.coroutines.CompletableJob;
import kotlinx.coroutines.CoroutineDispatcher;
import kotlinx.coroutines.Dispatchers;
import kotlinx.coroutines.ExecutorCoroutineDispatcher;
import kotlinx.coroutines.JobKt;
import kotlinx.coroutines.MainCoroutineDispatcher;
import org.jspecify.annotations.Nullable;

/**
 * The dispatcher that a queue or a channel's façade is bound to, if any: which coroutines may suspend there, where
 * futures and subscriptions run, and which threads may not be blocked.
 */
final class BoundDispatcher {
    /*
     * Which threads are the loop's own is asked of the dispatcher where it can say so: a main dispatcher whose immediate
     * twin needs no dispatch is at home. An executor cannot say; there a task is sent ahead that marks the thread on
     * which it runs, and every future and subscription that runs there marks it again. That is exact for an executor of
     * one thread, once the first task has run. The executors of Default and IO share their threads with each other and
     * with every view of them: a thread of theirs says nothing, and is not marked.
     */
    private static final Object OWN = new Object();

    private final AtomicReference<@Nullable CoroutineDispatcher> dispatcher;
    private final boolean bindsToFirstCaller;
    private final BlockingGuard guard;

    @SuppressWarnings("ThreadLocalUsage") // each loop marks threads of its own
    private final ThreadLocal<@Nullable Object> mark = new ThreadLocal<>();

    BoundDispatcher(@Nullable CoroutineDispatcher dispatcher, boolean bindsToFirstCaller, BlockingGuard guard) {
        this.dispatcher = new AtomicReference<>(dispatcher);
        this.bindsToFirstCaller = bindsToFirstCaller;
        this.guard = guard;
        if (dispatcher != null) {
            sendMark(dispatcher);
        }
    }

    @Nullable
    CoroutineDispatcher dispatcher() {
        return dispatcher.get();
    }

    boolean isBound() {
        return dispatcher.get() != null;
    }

    // Which coroutines may suspend here

    /** Refuses a caller that runs on another dispatcher. */
    void checkCaller(CoroutineContext caller) {
        CoroutineDispatcher loop = dispatcher.get();
        if (loop == null && !bindsToFirstCaller) {
            return;
        }
        ContinuationInterceptor interceptor = caller.get(ContinuationInterceptor.Key);
        if (loop == null) {
            loop = bindTo(interceptor);
        }
        if (interceptor != loop && !isSameLoop(loop, interceptor)) {
            throw refusal(loop, interceptor);
        }
    }

    /** Names both. Two that print the same name are told apart by their identities. */
    private static IllegalStateException refusal(CoroutineDispatcher loop, @Nullable ContinuationInterceptor caller) {
        String bound = loop.toString();
        String other = caller == null ? "a coroutine without a dispatcher" : caller.toString();
        if (caller != null && bound.equals(other)) {
            bound += " (" + identityOf(loop) + ")";
            other = "another of this name (" + identityOf(caller) + ")";
        }
        return new IllegalStateException("the queue is bound to " + bound + " and was called from " + other
                + ": expected a call from its own loop, for instance in withContext");
    }

    private static String identityOf(Object dispatcher) {
        return dispatcher.getClass().getName() + "@" + Integer.toHexString(System.identityHashCode(dispatcher));
    }

    private CoroutineDispatcher bindTo(@Nullable ContinuationInterceptor first) {
        if (!(first instanceof CoroutineDispatcher)) {
            throw new IllegalStateException(
                    "the queue binds to the dispatcher of its first suspending caller, but that runs on "
                            + (first == null ? "none" : first));
        }
        CoroutineDispatcher loop = requireLoop((CoroutineDispatcher) first);
        if (dispatcher.compareAndSet(null, loop)) {
            sendMark(loop);
            return loop;
        }
        return bound();
    }

    /** The dispatcher that the queue is bound to, or Dispatchers.Default if it is bound to none. */
    private CoroutineDispatcher bound() {
        CoroutineDispatcher loop = dispatcher.get();
        return loop == null ? Dispatchers.getDefault() : loop;
    }

    /** Refuses what runs its tasks wherever it is called. */
    static CoroutineDispatcher requireLoop(CoroutineDispatcher dispatcher) {
        if (dispatcher == Dispatchers.getUnconfined()) {
            throw new IllegalArgumentException(
                    "expected a dispatcher with threads of its own to bind to, but got " + dispatcher);
        }
        return dispatcher;
    }

    private boolean isSameLoop(CoroutineDispatcher loop, @Nullable ContinuationInterceptor other) {
        return other instanceof CoroutineDispatcher
                && (immediate(loop).equals(immediate((CoroutineDispatcher) other))
                        || isViewHere((CoroutineDispatcher) other));
    }

    /** Whether this thread is marked as the loop's, and the other dispatcher has none of its own: it is taken for a view. */
    private boolean isViewHere(CoroutineDispatcher other) {
        return mark.get() == OWN
                && other != Dispatchers.getUnconfined()
                && !(other instanceof MainCoroutineDispatcher)
                && !(other instanceof ExecutorCoroutineDispatcher);
    }

    /** The dispatcher itself, or of a main dispatcher its immediate one, which stands for both. */
    private static CoroutineDispatcher immediate(CoroutineDispatcher dispatcher) {
        return dispatcher instanceof MainCoroutineDispatcher
                ? ((MainCoroutineDispatcher) dispatcher).getImmediate()
                : dispatcher;
    }

    // Where futures and subscriptions run

    /**
     * Runs the task on the loop, or on Dispatchers.Default if there is none. A loop that is closed cancels the job and runs
     * the task elsewhere; a dispatcher for tests that is never dispatched to runs it here.
     */
    void run(CompletableJob job, Runnable task) {
        CoroutineDispatcher loop = bound();
        MarkThreadTask turn = new MarkThreadTask(loop, job, task);
        try {
            loop.dispatch(job, turn);
        } catch (UnsupportedOperationException e) {
            task.run();
        }
        turn.sent = true;
    }

    private void sendMark(CoroutineDispatcher loop) {
        if (hasThreadsOfItsOwn(loop)) {
            run(JobKt.Job(null), () -> {});
        }
    }

    /** A task on its way to the loop, which marks the thread that it runs on, unless it is run right where it is sent. */
    private final class MarkThreadTask implements Runnable {
        private final CoroutineDispatcher loop;
        private final CompletableJob job;
        private final Runnable task;
        private final Thread sender = Thread.currentThread();

        /** Only read and written by the sender. */
        private boolean sent;

        MarkThreadTask(CoroutineDispatcher loop, CompletableJob job, Runnable task) {
            this.loop = loop;
            this.job = job;
            this.task = task;
        }

        @Override
        public void run() {
            if (Thread.currentThread() != sender || sent) {
                markThread(loop, job);
            }
            task.run();
        }
    }

    private void markThread(CoroutineDispatcher loop, CompletableJob job) {
        if (hasThreadsOfItsOwn(loop) && !job.isCancelled()) {
            mark.set(OWN);
        }
    }

    private static boolean hasThreadsOfItsOwn(CoroutineDispatcher loop) {
        return loop instanceof ExecutorCoroutineDispatcher
                && loop != Dispatchers.getDefault()
                && loop != Dispatchers.getIO();
    }

    // Which threads may not be blocked

    /** Asks the guard whether a call may wait on this thread, which is the loop's. */
    void refuseToBlock(String call, String insteadOfIt) {
        guard.onBlockingCall(new IllegalStateException(call + " would have to wait on a thread of " + dispatcher.get()
                + ", the bound loop, and so would deadlock: use " + insteadOfIt + " there"));
    }

    /** Whether this thread is known to be the loop's. */
    boolean isCurrentThread() {
        CoroutineDispatcher loop = dispatcher.get();
        return loop != null && (mark.get() == OWN || !immediate(loop).isDispatchNeeded(EmptyCoroutineContext.INSTANCE));
    }
}
