package dev.janus.proof

import dev.janus.JanusBlockHoundIntegration
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.BeforeAll
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.EnumSource

/** What [BlockHoundTest] shows is due to our integration: without it, waiting for the lock is reported. */
internal class BlockHoundWithoutIntegrationTest {
    @ParameterizedTest
    @EnumSource
    fun coroutine_waitsForTheLockOfAThread_isReported(call: CallBesideAThread) {
        Hound.reports.clear()
        call.runBesideAThread()
        assertFalse(Hound.reports.isEmpty(), "nothing was reported")
    }

    private companion object {
        @BeforeAll
        @JvmStatic
        fun install() = Hound.install { it !is JanusBlockHoundIntegration }
    }
}
