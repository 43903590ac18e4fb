package dev.janus.kotlin

import dev.janus.Lease
import java.util.concurrent.TimeUnit
import kotlin.time.Duration

/**
 * Ends the lease and returns the element to the queue when the [delay] has elapsed. Does nothing if the lease has already
 * ended. With a delay of zero or less, this is `close()`. Never waits. See [Lease.close].
 *
 * ```
 * orders.async().receiveLease().use { lease ->
 *     try {
 *         ship(lease.element())
 *         lease.done()
 *     } catch (e: IllegalStateException) {
 *         lease.close(10.seconds * lease.attempts()) // is tried again later, and waits longer each time
 *     }
 * }
 * ```
 *
 * @throws dev.janus.QueueShutdownException if `shutdownNow()` was called meanwhile: the lease ends, and the element stays
 * with the caller
 */
public fun Lease<*>.close(delay: Duration): Unit = close(delay.inWholeNanoseconds, TimeUnit.NANOSECONDS)
