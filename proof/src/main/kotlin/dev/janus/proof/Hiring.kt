package dev.janus.proof

/** Makes the workers of a round; where the queue is bound, coroutines run on its loop. */
class Hiring(private val stage: Stage, party: Int) {
    private val random = stage.setup.randomOf(party)

    fun producer(kind: Kind, supply: Supply): Worker {
        val name = "$supply, $kind"
        return when (kind) {
            Kind.PLATFORM_THREAD, Kind.VIRTUAL_THREAD -> thread(
                Side.PRODUCER,
                name,
                kind,
                ThreadPuts(stage, supply, random)::next,
            )

            Kind.FUTURES -> thread(Side.PRODUCER, name, kind, FuturePuts(stage, supply, random)::next)

            Kind.SELECT -> coroutine(Side.PRODUCER, name, kind, CoroutinePuts(stage, supply, random)::select)

            else -> coroutine(Side.PRODUCER, name, kind, CoroutinePuts(stage, supply, random)::next)
        }
    }

    fun consumer(number: Int, kind: Kind): Worker {
        val name = "consumer $number, $kind"
        val sight = Sight(stage, name, kind.isSequential)
        return when (kind) {
            Kind.PLATFORM_THREAD, Kind.VIRTUAL_THREAD -> thread(
                Side.CONSUMER,
                name,
                kind,
                ThreadTakes(stage, sight, random)::next,
            )

            Kind.QUEUE_SELECT -> thread(Side.CONSUMER, name, kind, ThreadTakes(stage, sight, random)::select)

            Kind.FUTURES -> thread(Side.CONSUMER, name, kind, FutureTakes(stage, sight, random)::next)

            Kind.SUBSCRIPTION -> SubscribedWorker(stage, name, random, sight)

            Kind.SELECT -> coroutine(Side.CONSUMER, name, kind, CoroutineTakes(stage, sight, random)::select)

            else -> coroutine(Side.CONSUMER, name, kind, CoroutineTakes(stage, sight, random)::next)
        }
    }

    private fun thread(side: Side, name: String, kind: Kind, step: () -> Unit) =
        ThreadWorker(stage, side, name, kind.isVirtual, kind == Kind.QUEUE_SELECT, step)

    private fun coroutine(side: Side, name: String, kind: Kind, step: suspend () -> Unit): Worker {
        val own = if (kind == Kind.SELECT) SELECT_LOOPS[random.nextInt(SELECT_LOOPS.size)] else checkNotNull(kind.loop)
        val loop = stage.setup.binding ?: own
        return CoroutineWorker(stage, side, name, loop, kind == Kind.SELECT, random, step)
    }

    private companion object {
        val SELECT_LOOPS = listOf(LoopKind.DEFAULT, LoopKind.SINGLE_THREAD, LoopKind.UNCONFINED)
    }
}
