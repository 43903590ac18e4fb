package dev.janus.kotlin

import dev.janus.BlockingChannel
import java.util.concurrent.TimeUnit
import kotlin.time.Duration

/**
 * Puts the element in, blocking for room for at most [timeout].
 *
 * ```
 * val sent = BlockingChannel.of(channel).offer(order, 100.milliseconds)
 * ```
 *
 * @return false if the time passed without room, and at once if the channel is closed before there is room; the element
 * was not added
 * @throws InterruptedException if interrupted before or while waiting; the element was not added
 */
public fun <E : Any> BlockingChannel<E>.offer(element: E, timeout: Duration): Boolean =
    offer(element, timeout.inWholeNanoseconds, TimeUnit.NANOSECONDS)

/**
 * Takes the next element, blocking for one for at most [timeout].
 *
 * ```
 * val order = BlockingChannel.of(channel).poll(100.milliseconds)
 * ```
 *
 * @return null if the time passed without an element, or if the channel is closed and nothing is left in it
 * @throws InterruptedException if interrupted before or while waiting; no element was taken
 */
public fun <E : Any> BlockingChannel<E>.poll(timeout: Duration): E? =
    poll(timeout.inWholeNanoseconds, TimeUnit.NANOSECONDS)
