import dev.janus.JanusQueue
import dev.janus.kotlin.asFlow
import dev.janus.kotlin.iterator
import dev.janus.kotlin.janusQueue
import dev.janus.kotlin.receive
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.flow.collect
import kotlinx.coroutines.launch
import kotlinx.coroutines.selects.select
import kotlin.time.Duration.Companion.milliseconds

/** A caller of both faces and of the extensions, for `.ci/matrix`. */
suspend fun call(queue: JanusQueue<String> = janusQueue(capacity = 2)): String? {
    queue.sync().put("from a thread")
    queue.async().send("from a coroutine")
    CoroutineScope(Dispatchers.Default).launch { for (element in queue.async()) println(element) }
    queue.async().asFlow().collect { println(it) }
    select<Unit> { queue.async().onReceive { println(it) } }
    return queue.async().receive(10.milliseconds)
}
