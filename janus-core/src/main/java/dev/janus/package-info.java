/**
 * One queue with two faces: a {@link java.util.concurrent.BlockingQueue} for threads and a suspending
 * queue for Kotlin coroutines.
 *
 * <p>Start at {@link dev.janus.JanusQueue}.
 */
@NullMarked
package dev.janus;

import org.jspecify.annotations.NullMarked;
