package dev.janus.proof

import dev.janus.JanusBlockHoundIntegration
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.BeforeAll
import org.junit.jupiter.api.Timeout
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.EnumSource
import java.util.concurrent.TimeUnit.SECONDS

/** What [BlockHoundTest] shows is due to our integration: without it, waiting for the lock is reported. */
@Timeout(value = 60, unit = SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
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
