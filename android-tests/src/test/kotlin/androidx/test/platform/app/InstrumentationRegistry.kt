package androidx.test.platform.app

import android.app.Instrumentation
import android.os.Bundle

/** What Robolectric calls of androidx.test, which is not on Maven Central. */
object InstrumentationRegistry {
    @JvmStatic
    fun registerInstance(instrumentation: Instrumentation?, arguments: Bundle) = Unit
}
