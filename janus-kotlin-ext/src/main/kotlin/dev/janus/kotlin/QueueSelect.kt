package dev.janus.kotlin

import dev.janus.QueueSelect
import java.util.concurrent.TimeUnit
import kotlin.time.Duration

/**
 * Takes an element from one of the queues, waiting up to the [timeout] until one is available. Does not wait if the
 * timeout is zero or less. If the thread is interrupted, no element was taken.
 *
 * ```
 * val what = QueueSelect.first(orders) { "order $it" }.or(names) { "name $it" }.select(100.milliseconds)
 * ```
 *
 * @return the result of that queue's handler, or null if the time elapsed or all queues are shut down and empty; no
 * element was then taken
 * @throws InterruptedException if interrupted before or while waiting; no element was taken
 * @throws IllegalStateException if the call would block a thread of a bound dispatcher and the guard refuses it; no
 * element was taken
 */
public fun <R : Any> QueueSelect<R>.select(timeout: Duration): R? =
    select(timeout.inWholeNanoseconds, TimeUnit.NANOSECONDS)
