package dev.janus.android

import android.app.Instrumentation
import android.os.Bundle
import android.os.Handler
import android.os.Looper
import dev.janus.fixtures.Running
import dev.janus.fixtures.running
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.android.internal.AndroidTestEnvironment
import org.robolectric.annotation.Config
import org.robolectric.annotation.LooperMode
import org.robolectric.annotation.experimental.LazyApplication
import org.robolectric.internal.AndroidSandbox.TestEnvironmentSpec
import org.robolectric.internal.ShadowProvider
import org.robolectric.pluginapi.Sdk
import org.robolectric.pluginapi.TestEnvironmentLifecyclePlugin
import java.util.concurrent.FutureTask
import javax.inject.Named

/** A test on Android. The main looper runs in a thread of its own, so the test runs on a background thread. */
@RunWith(AndroidRunner::class)
@Config(sdk = [24, 34])
@LazyApplication(LazyApplication.LazyLoad.ON)
@LooperMode(LooperMode.Mode.INSTRUMENTATION_TEST)
abstract class OnAndroid {
    protected val main = RunningLooper(Looper.getMainLooper(), Dispatchers.Main)
}

/** A looper that runs in another thread, and a dispatcher to it. */
class RunningLooper(private val looper: Looper, val dispatcher: CoroutineDispatcher) {
    private val handler = Handler(looper)

    fun isHere() = Looper.myLooper() == looper

    /** Begins a call, as a message of the looper. */
    fun <T> post(call: () -> T): Running<T> = Running<T>().also { running ->
        check(handler.post { running.end(runCatching(call)) }) { "the looper was quit" }
    }

    /** Runs a call, as a message of the looper, and returns or throws what it does. */
    fun <T> run(call: () -> T): T = post(call).await().value

    /** Begins a coroutine. */
    fun <T> begin(block: suspend () -> T): Running<T> = CoroutineScope(dispatcher).running(block)
}

/** Runs Robolectric without androidx.test, which is not on Maven Central. */
class AndroidRunner(test: Class<*>) : RobolectricTestRunner(test, INJECTOR) {
    private companion object {
        // One for all classes: they share the sandbox of each SDK.
        val INJECTOR =
            defaultInjector()
                .bind(TestEnvironmentSpec::class.java, TestEnvironmentSpec(PlainEnvironment::class.java))
                .build()
    }
}

/** Replaces the instrumentation of androidx.test. */
class PlainEnvironment(
    @Named("runtimeSdk") runtimeSdk: Sdk,
    @Named("compileSdk") compileSdk: Sdk,
    shadowProviders: Array<ShadowProvider>,
    lifecyclePlugins: Array<TestEnvironmentLifecyclePlugin>,
) : AndroidTestEnvironment(runtimeSdk, compileSdk, shadowProviders, lifecyclePlugins) {
    override fun pickInstrumentation() = object : Instrumentation() {
        override fun runOnMainSync(task: Runnable) {
            val done = FutureTask<Any?>(task, null)
            Handler(Looper.getMainLooper()).post(done)
            done.get()
        }

        override fun finish(resultCode: Int, results: Bundle?) {
            // The system, which would end the app now, is not there.
        }
    }
}
