package dev.janus

import org.junit.jupiter.api.Assertions.assertSame

/** Begins a thread and waits until it is blocked in its wait for a channel. */
fun <T> waitingIn(call: () -> T): Running<T> = inThread(call).also { running ->
    awaitState("a thread that waits for a channel") {
        check(!running.isOver) { "ended instead of waiting: ${running.failure() ?: running.value}" }
        isWaitingForAChannel(running.thread)
    }
}

/** Whether the thread is blocked in its wait for a channel. */
fun isWaitingForAChannel(thread: Thread) = thread.state.name.endsWith("WAITING") &&
    thread.stackTrace.any { "BlockingContinuation" in it.className && it.methodName.startsWith("await") }

/** With assertions on, kotlinx.coroutines may throw a copy of an exception, whose cause is the exception itself. */
fun assertIsOrCopies(expected: Throwable, actual: Throwable?) =
    assertSame(expected, if (actual !== expected && actual?.javaClass == expected.javaClass) actual.cause else actual)
