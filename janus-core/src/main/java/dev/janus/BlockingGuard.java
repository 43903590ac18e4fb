package dev.janus;

/**
 * Decides whether a blocking call may wait on a thread of the dispatcher that its queue or channel is bound to. Such a
 * call can deadlock: the blocked thread may be the one that would have to run the coroutine the call waits for. See
 * {@link JanusQueue.Builder#blockingGuard} and {@link BlockingChannel#boundTo(kotlinx.coroutines.CoroutineDispatcher,
 * BlockingGuard)}.
 *
 * <pre>{@code
 * BlockingGuard warn = call -> log("the loop is blocked: " + call);
 * BlockingGuard strictInTests = call -> {
 *     BlockingGuard guard = isTest ? BlockingGuard.refuse() : BlockingGuard.allow();
 *     guard.onBlockingCall(call);
 * };
 * }</pre>
 */
@FunctionalInterface
public interface BlockingGuard {

    /**
     * Called on the thread that would have to wait, before it waits, without any lock held. If this method returns, the
     * call waits. If it throws, the call throws the same exception and has neither added nor taken an element; only
     * {@code putAll} may already have added those for which there was room.
     *
     * @param call describes the call: its message names the method, the dispatcher and the suspending method to use
     *     instead, and its stack trace is that of the call
     */
    void onBlockingCall(IllegalStateException call);

    /** Returns a guard that refuses every call: it throws the {@link IllegalStateException} that describes the call. */
    static BlockingGuard refuse() {
        return call -> {
            throw call;
        };
    }

    /** Returns a guard that lets every call wait. */
    static BlockingGuard allow() {
        return call -> {};
    }
}
