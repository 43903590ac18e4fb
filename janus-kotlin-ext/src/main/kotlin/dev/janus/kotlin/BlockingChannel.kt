package dev.janus.kotlin

import dev.janus.BlockingChannel
import java.util.concurrent.TimeUnit
import kotlin.time.Duration

/**
 * Adds the element, waiting up to the [timeout] until there is room. Does not wait if the timeout is zero or less. If
 * the thread is interrupted, the element was not added.
 *
 * ```
 * val sent = BlockingChannel.of(channel).offer(order, 100.milliseconds)
 * ```
 *
 * @return false if the time elapsed or the channel was closed before there was room; the element was not added
 * @throws InterruptedException if interrupted before or while waiting; the element was not added
 * @throws IllegalStateException if the call would block a thread of the bound dispatcher and the guard refuses it; the
 * element was not added
 * @throws UnsupportedOperationException if the channel is only a `ReceiveChannel`
 */
public fun <E : Any> BlockingChannel<E>.offer(element: E, timeout: Duration): Boolean =
    offer(element, timeout.inWholeNanoseconds, TimeUnit.NANOSECONDS)

/**
 * Takes the next element, waiting up to the [timeout] until one is available. Does not wait if the timeout is zero or
 * less. If the thread is interrupted, no element was taken.
 *
 * ```
 * val order = BlockingChannel.of(channel).poll(100.milliseconds)
 * ```
 *
 * @return null if the time elapsed or the channel is closed and empty; no element was then taken
 * @throws InterruptedException if interrupted before or while waiting; no element was taken
 * @throws IllegalStateException if the call would block a thread of the bound dispatcher and the guard refuses it; no
 * element was taken
 * @throws UnsupportedOperationException if the channel is only a `SendChannel`
 */
public fun <E : Any> BlockingChannel<E>.poll(timeout: Duration): E? =
    poll(timeout.inWholeNanoseconds, TimeUnit.NANOSECONDS)
