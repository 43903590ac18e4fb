/**
 * One queue with two faces: a {@link java.util.concurrent.BlockingQueue} for threads and a suspending queue for Kotlin
 * coroutines.
 *
 * <p>Start at {@link dev.janus.JanusQueue}. A thread uses {@link dev.janus.SyncQueue}, a coroutine {@link
 * dev.janus.AsyncQueue}. {@link dev.janus.QueueSelect} takes from several queues, and {@link dev.janus.Lease} gives back an
 * element that could not be processed. {@link dev.janus.BlockingChannel} is separate: a façade for threads over a
 * Kotlin channel that already exists.
 *
 * <p>Inside, the arrows point one way:
 *
 * <pre>
 * SyncFace  ──┐                       ┌ notEmpty   ┐                ┌ ThreadWaiter
 * AsyncFace ──┼─▶ Buffer ─────────────┼ notFull    ┼ WaitQueue ───▶ ┼ CoroutineWaiter
 * QueueSelect ┘   one Monitor,        ├ allDone    │ of Waiters     ├ SelectClauses, QueueSelect.Wait
 *                 one ElementStore    └ terminated ┘ (a Channel)    └ DispatchedWaiter
 * </pre>
 *
 * Every critical section ends by settling: it completes waiting puts, and completes or grants waiting takes. Waiters are
 * woken after unlock.
 */
@NullMarked
package dev.janus;

import org.jspecify.annotations.NullMarked;
