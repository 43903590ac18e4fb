package consumer

import dev.janus.kotlin.janusQueue
import kotlinx.coroutines.launch
import kotlinx.coroutines.test.runTest

/** A Kotlin test as a program. Arguments: the versions of kotlinx-coroutines and Kotlin that it must run on. */
fun main(versions: Array<String>) {
    ClassPath.check(versions[0], versions[1])
    runTest {
        val queue = janusQueue<String>(capacity = 1)
        launch { queue.async().send("hello") }
        check(queue.async().receive() == "hello")
    }
}
