package dev.janus;

/**
 * Decides whether a blocking call may wait on a thread of the loop that its queue or channel is bound to. Waiting there
 * keeps the loop from running whatever the call waits for. See {@link JanusQueue.Builder#blockingGuard} and
 * {@link BlockingChannel#boundTo(kotlinx.coroutines.CoroutineDispatcher, BlockingGuard)}.
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
     * Called on the thread that would have to wait, before it does, without any lock. If this throws, the call throws
     * the same exception, and has neither added nor taken an element (except that {@code putAll} has added those for
     * which there was room). If this returns, the call waits.
     *
     * @param call names the call and the loop, and the suspending call to use instead; its stack trace is that of the
     *     call
     */
    void onBlockingCall(IllegalStateException call);

    /** Refuses the call: throws. */
    static BlockingGuard refuse() {
        return call -> {
            throw call;
        };
    }

    /** Lets the call wait. */
    static BlockingGuard allow() {
        return call -> {};
    }
}
