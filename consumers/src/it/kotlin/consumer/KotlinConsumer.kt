package consumer

import dev.janus.kotlin.janusQueue
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.runTest

/** A Kotlin test, run as a program. Its arguments are the versions of kotlinx-coroutines and Kotlin to expect. */
fun main(versions: Array<String>) {
    ClassPath.check(versions[0], versions[1])
    runTest {
        val queue = janusQueue<String>(capacity = 1)
        launch { queue.async().send("hello") }
        check(queue.async().receive() == "hello")
    }
}
