package dev.janus

import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.DynamicTest.dynamicTest
import org.junit.jupiter.api.TestFactory

/**
 * Small scenes in every order of their moves, with callers that are interrupted or cancelled or whose time passes at every
 * moment, before and after they are granted something: nobody is left waiting for what is free, nobody is overtaken,
 * nothing is lost or doubled.
 */
class EveryInterleavingTest {
    private class Case(
        val name: String,
        val capacity: Int,
        val drops: Boolean = false,
        val worlds: List<World> = listOf(World.THREADS, World.COROUTINES, World.BOTH),
        val cast: QueueScene.() -> Unit,
    )

    private fun case(name: String, vararg capacities: Int, cast: QueueScene.() -> Unit) =
        capacities.map { Case(name, it, cast = cast) }

    private val takersAndPutters =
        case("takes and offers", 1, 2) {
            repeat(2) { take() }
            offer("a1")
            offer("b1")
        } + case("puts and polls", 1) {
            holds("a0")
            put("b1")
            put("c1")
            poll()
            poll()
        } + case("takes and puts", 0, 1) {
            take()
            put("a1")
            take()
            put("b1")
        } + case("timed takes and puts", 0, 1) {
            timedTake()
            timedPut("a1")
            take()
            offer("b1")
        } + case("timed puts and takes", 0, 1) {
            holdsUpTo(1)
            timedPut("a1")
            timedPut("b1")
            take()
            poll()
        } + case("three takes, one element", 1) {
            repeat(3) { take() }
            offer("a1")
        } + case("three puts, one taken", 1) {
            holds("a0")
            put("b1")
            put("c1")
            put("d1")
            poll()
        } + case("drained, and puts wait", 1, 2) {
            holdsUpTo(2)
            put("b1")
            put("c1")
            drain(1)
            offer("d1")
        } + case("newcomers", 0, 1) {
            take()
            put("a1")
            poll()
            offer("b1")
        }

    private val batchesAndLeases =
        case("batch", 1, 2) {
            takeBatch(2)
            take()
            putAll("a1", "a2")
        } + case("put all, one by one", 0, 1) {
            putAll("a1", "a2")
            take()
            poll()
            poll()
        } + case("two put all", 1) {
            putAll("a1", "a2")
            putAll("b1", "b2")
            poll()
        } + case("put all beside a put", 2) {
            holds("z0", "z1")
            putAll("a1", "a2")
            put("b1")
            poll()
            poll()
        } + case("lease given back", 1) {
            lease(isGivenBack = true)
            take()
            offer("a1")
        } + case("lease done", 0, 1) {
            lease(isGivenBack = false)
            put("a1")
            join()
        } + case("lease given back later", 1) {
            holds("a1")
            delayedLease()
            take()
            put("a2")
        } + case("lease given back later, and shutdownNow", 1) {
            holds("a1")
            delayedLease()
            take()
            shutdownNow()
        } + case("lease given back, and shutdown", 1) {
            holds("a1")
            lease(isGivenBack = true)
            take()
            shutdown()
        }

    private val gatherers =
        case("gathers two", 0, 1, 2) {
            gather(2)
            put("a1")
            put("a2")
        } + case("gathers, and a take", 0, 1) {
            gather(2)
            take()
            put("a1")
            offer("b1")
        } + case("gathers three of two", 1) {
            gather(3)
            put("a1")
            put("b1")
            take()
        } + case("two gather", 1) {
            gather(2)
            gather(2)
            put("a1")
            offer("b1")
        } + case("gathers, and shutdown", 0, 1) {
            gather(2)
            put("a1")
            put("b1")
            shutdown()
        } + case("gathers, and shutdownNow", 1) {
            gather(3)
            offer("a1")
            put("b1")
            shutdownNow()
        } + case("gathers, and shutdown after the puts", 0, 1) {
            gather(3)
            put("a1")
            put("b1")
            shutdownAfterPuts()
        } + case("gathers, and what is reserved is not removed", 2) {
            gather(2)
            offer("a1")
            remove("a1")
            clear()
            offer("b1")
        } + Case("gathers, and what is reserved is not dropped", 1, drops = true) {
            gather(3)
            offer("a1")
            offer("b1")
            offer("c1")
        } + case("gathers beside a batch and a lease", 2) {
            gather(2)
            takeBatch(2)
            lease(isGivenBack = true)
            putAll("a1", "a2")
        } + case("gathers beside a select", 0, 1) {
            gather(2)
            selectTake()
            put("a1")
            offer("b1")
        } + case("gathers, and the capacity changes", 1) {
            gather(2)
            put("a1")
            put("b1")
            capacity(0)
        }

    private val changes =
        case("capacity grows", 1) {
            holds("a0")
            put("b1")
            put("c1")
            capacity(3)
            poll()
        } + case("capacity shrinks", 2) {
            holds("a0", "a1")
            put("b1")
            capacity(1)
            poll()
            poll()
        } + case("capacity to nothing and back", 1) {
            put("a1")
            put("b1")
            take()
            capacity(0)
            capacity(1)
        } + case("removed by name", 1, 2) {
            take()
            take()
            offer("a1")
            remove("a1")
            offer("b1")
        } + case("cleared", 2) {
            take()
            take()
            offer("a1")
            clear()
            offer("b1")
        } + case("cleared, and puts wait", 1) {
            holds("a0")
            put("b1")
            put("c1")
            clear()
        }

    private val ends =
        case("shutdown of takers", 0, 1) {
            take()
            timedTake()
            offer("a1")
            shutdown()
        } + case("shutdown of putters", 0, 1) {
            put("a1")
            put("b1")
            take()
            shutdown()
        } + case("shutdownNow of takers", 1) {
            take()
            take()
            offer("a1")
            shutdownNow()
        } + case("shutdownNow of putters", 0, 1) {
            put("a1")
            put("b1")
            take()
            shutdownNow()
        } + case("shutdown after the puts that wait", 0, 1) {
            holdsUpTo(1)
            put("b1")
            putAll("c1", "c2")
            take()
            shutdownAfterPuts()
        } + case("shutdown after the puts, and at once", 1) {
            holds("a0")
            put("b1")
            shutdownAfterPuts()
            offer("c1")
            shutdown()
        } + case("shutdownNow, and a lease is out", 1) {
            holds("a1")
            lease(isGivenBack = true)
            awaitTermination()
            shutdownNow()
        } + case("termination", 1) {
            holds("a0")
            awaitTermination()
            take()
            shutdown()
        } + case("tasks done", 2) {
            join()
            offer("a1")
            takeAndFinish()
            join()
        } + case("tasks thrown away", 2) {
            holds("a0")
            join()
            offer("a1")
            shutdownNow()
        }

    private val selects =
        case("selects and takes", 0, 1) {
            selectTake()
            take()
            put("a1")
            offer("b1")
        } + case("selects that put", 0, 1) {
            selectPut("a1")
            put("b1")
            take()
            poll()
        } + case("select and shutdown", 0, 1) {
            selectTake()
            selectPut("a1")
            shutdown()
        } +
            Case(
                "two selects, and what they claim is not dropped",
                2,
                drops = true,
                worlds = listOf(World.COROUTINES),
            ) {
                selectTake()
                selectTake()
                offer("a1")
                offer("b1")
                capacity(1)
                offer("c1")
            } + case("a select, a take, and one removed of two", 2) {
                selectTake()
                take()
                offer("a1")
                offer("b1")
                remove("a1")
            } + case("a select that is its own partner, and others", 0) {
                selectBoth("a1")
                put("b1")
                poll()
            } + case("two selects that may be each other's partner", 0) {
                selectBoth("a1")
                selectBoth("b1")
                poll()
            } + case("select and removal", 1) {
                selectTake()
                take()
                offer("a1")
                remove("a1")
            }

    private val permits =
        case("permit used, and a put", 0, 1) {
            reserve("a1", isUsed = true)
            put("b1")
            take()
            poll()
        } + case("permit given back", 0, 1) {
            holdsUpTo(1)
            reserve("a1", isUsed = false)
            put("b1")
            take()
        } + case("permit, and the capacity shrinks", 2) {
            holds("z0")
            reserve("a1", isUsed = true)
            put("b1")
            capacity(1)
            poll()
        } + case("permit and shutdown", 0, 1) {
            reserve("a1", isUsed = true)
            take()
            shutdown()
        } + case("permit and shutdown after the puts", 0, 1) {
            holdsUpTo(1)
            reserve("a1", isUsed = true)
            take()
            awaitTermination()
            shutdownAfterPuts()
        } + case("permit and shutdownNow", 1) {
            reserve("a1", isUsed = true)
            offer("b1")
            shutdownNow()
        }

    private val readiness =
        case("await an element, and others take it", 0, 1) {
            awaitNotEmpty()
            take()
            put("a1")
            offer("b1")
        } + case("await an element, and shutdown", 1) {
            awaitNotEmpty()
            awaitNotEmpty()
            offer("a1")
            poll()
            shutdown()
        } + case("listener takes", 0, 1, 2) {
            takeWhenTold()
            put("a1")
            put("b1")
            timedTake()
        } + case("listener takes, after shutdown too", 1) {
            takeWhenTold()
            holds("a0")
            lease(isGivenBack = true)
            shutdown()
        } + case("listener offers", 0, 1, 2) {
            holdsUpTo(1)
            offerWhenTold("a1", "a2")
            take()
            poll()
            put("b1")
        } + case("listener offers, and the capacity grows", 1) {
            holds("z0")
            offerWhenTold("a1", "a2")
            capacity(2)
            remove("z0")
            shutdown()
        }

    private val threadSelects =
        case("thread selects that put", 0, 1) {
            threadSelectPut("a1")
            put("b1")
            take()
            poll()
        } + case("thread select that puts, and shutdown", 0, 1) {
            holdsUpTo(1)
            threadSelectPut("a1")
            take()
            shutdown()
        } + case("a thread select that is its own partner, and others", 0) {
            threadSelectBoth("a1")
            put("b1")
            poll()
        } + case("two thread selects that may be each other's partner", 0) {
            threadSelectBoth("a1")
            threadSelectBoth("b1")
            poll()
        } + case("a thread select and a permit", 1) {
            holds("z0")
            threadSelectPut("a1")
            reserve("b1", isUsed = true)
            poll()
            poll()
        }

    private val futures =
        case("futures that receive", 0, 1) {
            receiveAsync()
            take()
            put("a1")
            offer("b1")
        } + case("futures that send", 0, 1) {
            sendAsync("a1")
            sendAsync("b1")
            put("c1")
            take()
        } + case("futures and shutdown", 0, 1) {
            receiveAsync()
            sendAsync("a1")
            shutdown()
        } + case("futures and removal", 2) {
            receiveAsync()
            take()
            joinAsync()
            offer("a1")
            remove("a1")
        }

    /** The build does every second of them, and every sixth on the newest coroutines. All: `-Djanus.interleavings.every=1`. */
    private val every = Integer.getInteger("janus.interleavings.every", 2)

    /** To run only the scenes whose names have this in them. */
    private val only = System.getProperty("janus.interleavings.only", "")

    @TestFactory
    fun everyInterleaving_nothingLost(): List<DynamicTest> {
        val all =
            (
                takersAndPutters + batchesAndLeases + gatherers + changes + ends + selects + permits + readiness +
                    threadSelects
                ).flatMap { case ->
                case.worlds.map { check(case, it) }
            } + futures.map { check(it, World.FUTURES) }
        return all.filter {
            only in it.displayName
        }.filterIndexed { i, _ -> (i + i / every) % every == 0 } // of each scene, a different world
    }

    private fun check(case: Case, world: World) = dynamicTest("${case.name}, capacity ${case.capacity}: $world") {
        val runs = Explorer({
            QueueScene(case.capacity, world, case.drops).apply(case.cast)
        }, mostGivingUp = 2).explore()
        assertTrue(runs > 10) { "expected many interleavings, but there were $runs" }
    }
}
