package dev.janus.proof

import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ExecutorCoroutineDispatcher
import kotlinx.coroutines.asCoroutineDispatcher
import java.util.EnumMap
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.ExecutorService
import java.util.concurrent.Executors
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.ThreadFactory
import java.util.concurrent.ThreadPoolExecutor
import java.util.concurrent.TimeUnit

/** Where coroutines run. */
enum class LoopKind { DEFAULT, IO, UNCONFINED, SINGLE_THREAD, POOL, VIRTUAL }

/** The dispatchers of a round, some of which may be closed at any time and are then replaced. */
class Loops {
    private val closable = EnumMap<LoopKind, ExecutorCoroutineDispatcher>(LoopKind::class.java)
    private val closed = ConcurrentLinkedQueue<ExecutorCoroutineDispatcher>()

    @Synchronized
    operator fun get(kind: LoopKind): CoroutineDispatcher = when (kind) {
        LoopKind.DEFAULT -> Dispatchers.Default
        LoopKind.IO -> Dispatchers.IO
        LoopKind.UNCONFINED -> Dispatchers.Unconfined
        else -> closable.getOrPut(kind) { executor(kind).asCoroutineDispatcher() }
    }

    private fun executor(kind: LoopKind): ExecutorService = when (kind) {
        LoopKind.SINGLE_THREAD -> pool(1)
        LoopKind.POOL -> pool(2)
        else -> VirtualThreads.executor()
    }

    /*
     * Its threads are started before anybody else has it. The JDK's pool may forget a task forever, if it is shut down while
     * its first thread starts and another task has been queued meanwhile.
     */
    private fun pool(threads: Int): ExecutorService =
        ThreadPoolExecutor(threads, threads, 0, TimeUnit.SECONDS, LinkedBlockingQueue(), ::daemon)
            .apply { prestartAllCoreThreads() }

    private fun daemon(task: Runnable) = Thread(task).apply { isDaemon = true }

    /** Closes a loop that is in use. Callers that wait on it find out when they are woken. */
    fun closeOne(kind: LoopKind): Boolean {
        val loop = synchronized(this) { closable.remove(kind) } ?: return false
        loop.close()
        closed.add(loop)
        return true
    }

    fun close() {
        LoopKind.entries.forEach(::closeOne)
        closed.forEach {
            check((it.executor as ExecutorService).awaitTermination(20, TimeUnit.SECONDS)) { "a loop does not end" }
        }
    }
}

/** Virtual threads, on a JVM that has them. */
object VirtualThreads {
    private val factory: ThreadFactory? = runCatching {
        val builder = Thread::class.java.getMethod("ofVirtual").invoke(null)
        Class.forName("java.lang.Thread\$Builder").getMethod("factory").invoke(builder) as ThreadFactory
    }.getOrNull()

    val areAvailable = factory != null

    fun factory(): ThreadFactory = checkNotNull(factory) { "this JVM has no virtual threads" }

    fun executor(): ExecutorService =
        Executors::class.java.getMethod("newThreadPerTaskExecutor", ThreadFactory::class.java)
            .invoke(null, factory()) as ExecutorService
}
