package dev.janus.proof

import java.util.SplittableRandom
import java.util.concurrent.CancellationException
import java.util.concurrent.CompletableFuture
import java.util.concurrent.ExecutionException
import java.util.concurrent.TimeUnit
import java.util.concurrent.TimeoutException

/** Waits for futures, and gives some of them up. */
class FutureWaits(private val stage: Stage, private val side: Side, private val random: SplittableRandom) {
    /** Whether it was done; false if it was cancelled, by this thread or by another. */
    fun isDone(future: CompletableFuture<*>): Boolean {
        while (true) {
            try {
                val isPatient = stage.setup.isCalm || random.nextInt(4) > 0
                if (isPatient) future.get() else future.get(random.nextLong(500), TimeUnit.MICROSECONDS)
                return true
            } catch (_: CancellationException) {
                return false
            } catch (e: ExecutionException) {
                throw checkNotNull(e.cause)
            } catch (_: TimeoutException) {
                stage.tally.add(Count.TIME_OUTS)
                if (isGivenUp(future)) return false
            } catch (_: InterruptedException) {
                stage.tally.add(Count.INTERRUPTS)
                if ((side.isOver(stage) || random.nextBoolean()) && isGivenUp(future)) return false
            }
        }
    }

    /** What refuses to be cancelled is done, or about to be. */
    private fun isGivenUp(future: CompletableFuture<*>): Boolean {
        val isCancelled = future.cancel(false)
        if (isCancelled) stage.tally.add(Count.FUTURE_CANCELLATIONS)
        return isCancelled
    }
}
