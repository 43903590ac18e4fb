package dev.janus.kotlin

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.cancel
import kotlinx.coroutines.isActive
import kotlinx.coroutines.job
import kotlinx.coroutines.test.StandardTestDispatcher
import kotlinx.coroutines.test.TestScope
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue

/** A scope on the test's dispatcher that fails and is cancelled by itself. */
fun TestScope.newScope() = CoroutineScope(StandardTestDispatcher(testScheduler) + Job())

/** Nothing runs in the scope any more, and it has not failed. It is cancelled then. */
fun assertIdle(scope: CoroutineScope) {
    assertTrue(scope.isActive, "expected the scope not to be cancelled")
    assertEquals(emptyList<Job>(), scope.coroutineContext.job.children.toList(), "what runs in the scope")
    scope.cancel()
}
