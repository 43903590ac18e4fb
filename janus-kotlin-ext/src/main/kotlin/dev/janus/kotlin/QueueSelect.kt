package dev.janus.kotlin

import dev.janus.QueueSelect
import java.util.concurrent.TimeUnit
import kotlin.time.Duration

/**
 * Takes an element from one of the queues, blocking for one for at most [timeout].
 *
 * ```
 * val what = QueueSelect.first(orders) { "order $it" }.or(names) { "name $it" }.poll(100.milliseconds)
 * ```
 *
 * @return what the handler of that queue made of it, or null if the time passed without an element, or if all queues are shut
 * down and nothing is left in them
 * @throws InterruptedException if interrupted before or while waiting; no element was taken
 */
public fun <R : Any> QueueSelect<R>.poll(timeout: Duration): R? = poll(timeout.inWholeNanoseconds, TimeUnit.NANOSECONDS)
