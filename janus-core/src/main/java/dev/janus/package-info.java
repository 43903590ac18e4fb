/**
 * One queue with two faces: a {@link java.util.concurrent.BlockingQueue} for threads and a suspending queue for Kotlin
 * coroutines.
 *
 * <p>Start with {@link dev.janus.JanusQueue}. Threads use {@link dev.janus.SyncQueue}, and coroutines use
 * {@link dev.janus.AsyncQueue}. {@link dev.janus.QueueSelect} takes from several queues, and {@link dev.janus.Lease}
 * returns an element that could not be processed. {@link dev.janus.BlockingChannel} is separate: a façade that lets
 * threads block on an existing Kotlin channel.
 *
 * <p>Inside the package, dependencies point one way:
 *
 * <pre>
 * SyncFace  ──┐                       ┌ notEmpty   ┐                ┌ ThreadWaiter
 * AsyncFace ──┼─▶ Buffer ─────────────┼ notFull    ┼ WaitQueue ───▶ ┼ CoroutineWaiter
 * QueueSelect ┘   one Monitor,        ├ allDone    │ of Waiters     ├ SelectClauses, QueueSelect.Wait
 *                 one ElementStore    └ terminated ┘ (a Channel)    └ DispatchedWaiter
 * </pre>
 *
 * <p>Every critical section ends by settling: it completes waiting puts, and completes or grants waiting takes. Waiters
 * are woken after unlock.
 */
@NullMarked
package dev.janus;

import org.jspecify.annotations.NullMarked;
