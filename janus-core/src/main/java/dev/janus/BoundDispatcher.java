package dev.janus;

import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import kotlin.coroutines.ContinuationInterceptor;
import kotlin.coroutines.CoroutineContext;
import kotlin.coroutines.EmptyCoroutineContext;
import kotlinx.coroutines.CompletableJob;
import kotlinx.coroutines.CoroutineDispatcher;
import kotlinx.coroutines.Dispatchers;
import kotlinx.coroutines.ExecutorCoroutineDispatcher;
import kotlinx.coroutines.ExecutorsKt;
import kotlinx.coroutines.JobKt;
import kotlinx.coroutines.MainCoroutineDispatcher;
import org.jspecify.annotations.Nullable;

/**
 * The dispatcher that a queue or {@link BlockingChannel} is bound to, if any. Decides which coroutines may suspend
 * there, how long they keep its thread, where futures and subscriptions run, and which threads must not be blocked.
 */
final class BoundDispatcher {
    /*
     * How a thread is recognized as one of the dispatcher's own:
     *
     * Some dispatchers can tell: if the dispatcher needs no dispatch on this thread, the thread is its own. For a main
     * dispatcher, its `immediate` is asked.
     *
     * An executor's dispatcher always dispatches, so it cannot tell. There, a task is dispatched when the queue is
     * bound, which marks the thread that it runs on; the tasks of futures and subscriptions mark their threads too. For
     * an executor with one thread this is exact once the first task has run. The dispatchers Default and IO share their
     * threads with each other and with all their views, so their threads are not marked. Nor are those of an executor
     * with a new thread for each task: to block one of them holds up no other task.
     *
     * A dispatcher that needs no dispatch on any thread tells nothing, and is not a loop that could be blocked:
     * UnconfinedTestDispatcher, which tests of Android code set as the main dispatcher. So before a call is refused, a
     * new thread asks the same question.
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

    /** Makes a dispatcher that only runs tasks. The executor's threads may be blocked, so they need no mark. */
    BoundDispatcher(Executor executor) {
        dispatcher = new AtomicReference<>(ExecutorsKt.from(executor));
        bindsToFirstCaller = false;
        guard = BlockingGuard.allow();
    }

    @Nullable
    CoroutineDispatcher dispatcher() {
        return dispatcher.get();
    }

    boolean isBound() {
        return dispatcher.get() != null;
    }

    // Which coroutines may suspend here

    /** Throws if the caller runs on another dispatcher. Binds to the first caller, if the queue was built so. */
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

    /** Returns an exception that names both dispatchers. If their names are equal, adds their identities. */
    private static IllegalStateException refusal(CoroutineDispatcher loop, @Nullable ContinuationInterceptor caller) {
        String bound = loop.toString();
        String other = caller == null ? "a coroutine without a dispatcher" : caller.toString();
        if (caller != null && bound.equals(other)) {
            bound += " (" + identityOf(loop) + ")";
            other = "another of this name (" + identityOf(caller) + ")";
        }
        return new IllegalStateException("the queue is bound to " + bound + " and was called from " + other
                + ": call it on its own dispatcher, for example in withContext");
    }

    private static String identityOf(Object dispatcher) {
        return dispatcher.getClass().getName() + "@" + Integer.toHexString(System.identityHashCode(dispatcher));
    }

    private CoroutineDispatcher bindTo(@Nullable ContinuationInterceptor first) {
        if (!(first instanceof CoroutineDispatcher)) {
            throw new IllegalStateException(
                    "the queue binds to the dispatcher of its first suspending caller, but that caller runs on "
                            + (first == null ? "none" : first));
        }
        CoroutineDispatcher loop = requireLoop((CoroutineDispatcher) first);
        if (dispatcher.compareAndSet(null, loop)) {
            sendMark(loop);
            return loop;
        }
        return bound();
    }

    /** Returns the dispatcher that the queue is bound to, or {@link Dispatchers#getDefault()} if it is not bound. */
    private CoroutineDispatcher bound() {
        CoroutineDispatcher loop = dispatcher.get();
        return loop == null ? Dispatchers.getDefault() : loop;
    }

    /** Throws if the dispatcher has no threads of its own, but runs tasks wherever it is called. */
    static CoroutineDispatcher requireLoop(CoroutineDispatcher dispatcher) {
        if (dispatcher == Dispatchers.getUnconfined()) {
            throw new IllegalArgumentException(
                    "cannot bind to " + dispatcher + ": expected a dispatcher with threads of its own");
        }
        return dispatcher;
    }

    private boolean isSameLoop(CoroutineDispatcher loop, @Nullable ContinuationInterceptor other) {
        return other instanceof CoroutineDispatcher
                && (immediate(loop).equals(immediate((CoroutineDispatcher) other))
                        || isViewHere((CoroutineDispatcher) other)
                        || areOfOneTest(loop, other));
    }

    /**
     * Returns true if the loop is the main dispatcher of a test, and the other dispatcher also comes from
     * kotlinx-coroutines-test. {@code runTest} gives both one scheduler, which runs everything on the thread of the
     * test, so they are one loop.
     */
    private static boolean areOfOneTest(CoroutineDispatcher loop, ContinuationInterceptor other) {
        return loop instanceof MainCoroutineDispatcher && isOfTests(loop) && isOfTests(other);
    }

    private static boolean isOfTests(ContinuationInterceptor dispatcher) {
        return dispatcher.getClass().getName().startsWith("kotlinx.coroutines.test.");
    }

    /**
     * Returns true if the other dispatcher is taken for a view of the loop: this thread is marked as the loop's, and
     * the other dispatcher has no threads of its own.
     */
    private boolean isViewHere(CoroutineDispatcher other) {
        return mark.get() == OWN
                && other != Dispatchers.getUnconfined()
                && !(other instanceof MainCoroutineDispatcher)
                && !(other instanceof ExecutorCoroutineDispatcher);
    }

    /** Returns the dispatcher itself. For a main dispatcher, returns its immediate one, which represents both. */
    private static CoroutineDispatcher immediate(CoroutineDispatcher dispatcher) {
        return dispatcher instanceof MainCoroutineDispatcher
                ? ((MainCoroutineDispatcher) dispatcher).getImmediate()
                : dispatcher;
    }

    // How long coroutines keep the loop

    /** How long a queue keeps a thread of its loop while others wait: a frame at 240 Hz. */
    static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(4);

    /*
     * A coroutine that never has to wait, because there are always elements or room, would keep the loop from all other
     * tasks: an app's screen would freeze. So a call lets the loop run them first if they have waited for long.
     *
     * Whether they had their chance, the loop itself tells: a task that does nothing is dispatched to it, at most once
     * in CHANCE_NANOS. If it has not run when the same time has passed again, the loop was kept all the while. Coroutines
     * cannot tell by the clock alone: a loop may have been idle since the last call, and a call that finds an element
     * must then return at once, as users of Dispatchers.Main.immediate expect.
     */
    private static final long CHANCE_NANOS = TURN_NANOS / 2;

    private volatile long lastChance = System.nanoTime();
    private volatile boolean othersWait;

    /** Returns true if the caller should yield, because coroutines have kept the loop for long. */
    boolean isKept() {
        if (dispatcher.get() == null || System.nanoTime() - lastChance < CHANCE_NANOS) {
            return false;
        }
        if (!othersWait) {
            giveChance();
            return false;
        }
        return true;
    }

    /** A loop that refuses the task runs no others either, so nothing has to be done about it. */
    private void giveChance() {
        lastChance = System.nanoTime();
        othersWait = true;
        try {
            run(JobKt.Job(null), () -> othersWait = false);
        } catch (Throwable e) { // a dispatcher written in Kotlin may throw anything
            othersWait = false;
        }
    }

    /** Called after a caller has yielded. A dispatcher may have dropped the task that would tell. */
    void hadChance() {
        othersWait = false;
    }

    // Where futures and subscriptions run

    /**
     * Runs the task on the bound dispatcher, or on {@link Dispatchers#getDefault()} if there is none. A dispatcher that
     * was closed cancels the job and runs the task elsewhere. A test dispatcher that does not support dispatching
     * throws; the task then runs on this thread.
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

    /**
     * Marks the thread that it runs on as the loop's, and then runs a task. Marks nothing if the dispatcher runs it
     * directly in {@code dispatch}: that thread belongs to the caller.
     */
    private final class MarkThreadTask implements Runnable {
        private final CoroutineDispatcher loop;
        private final CompletableJob job;
        private final Runnable task;
        private final Thread sender = Thread.currentThread();

        /** Set when {@code dispatch} has returned. Accessed only by {@link #sender}. */
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
                && loop != Dispatchers.getIO()
                && !isThreadPerTask(((ExecutorCoroutineDispatcher) loop).getExecutor());
    }

    /** Returns true for executors that start a thread for each task, such as that of virtual threads in Java 21. */
    private static boolean isThreadPerTask(Executor executor) {
        return executor.getClass().getName().equals("java.util.concurrent.ThreadPerTaskExecutor");
    }

    // Which threads may not be blocked

    /** Asks the guard whether a call may wait on this thread, for which {@link #isCurrentThread} has returned true. */
    void refuseToBlock(String call, String instead) {
        CoroutineDispatcher loop = bound();
        if (mark.get() != OWN && isAtHomeEverywhere(loop)) {
            return;
        }
        guard.onBlockingCall(new IllegalStateException(call + " would have to wait on a thread of " + loop
                + ", which the queue is bound to, and could deadlock: use " + instead + " there"));
    }

    /**
     * Returns true if this thread is recognized as one of the loop's. Quick, as it is also asked by calls that may not
     * have to wait.
     */
    boolean isCurrentThread() {
        CoroutineDispatcher loop = dispatcher.get();
        return loop != null && (mark.get() == OWN || isAtHome(loop));
    }

    /** Returns true if the dispatcher says that this thread is its own. */
    private static boolean isAtHome(CoroutineDispatcher loop) {
        return !immediate(loop).isDispatchNeeded(EmptyCoroutineContext.INSTANCE);
    }

    /** Asks on a new thread, which cannot be the dispatcher's own. */
    private static boolean isAtHomeEverywhere(CoroutineDispatcher loop) {
        AtomicBoolean atHome = new AtomicBoolean();
        Parker answer = new Parker();
        Runnable question = () -> {
            try {
                atHome.set(isAtHome(loop));
            } finally {
                answer.wake();
            }
        };
        new Thread(question, "janus-asks-dispatcher").start();
        answer.awaitUninterruptibly();
        return atHome.get();
    }
}
