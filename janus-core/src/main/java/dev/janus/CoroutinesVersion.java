package dev.janus;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import kotlinx.coroutines.Job;
import kotlinx.coroutines.selects.SelectClause;

/** Whether the kotlinx-coroutines on the class path are new enough. Older ones would fail only in {@code select}. */
final class CoroutinesVersion {
    private static final String OLDEST = "1.7.3";

    private static final boolean SUPPORTED = isSupported();

    private CoroutinesVersion() {}

    /** Throws IllegalStateException if the coroutines are too old. */
    static void requireSupported() {
        if (!SUPPORTED) {
            throw new IllegalStateException(
                    "found kotlinx-coroutines-core " + found() + ": expected " + OLDEST + " or newer");
        }
    }

    private static boolean isSupported() {
        try {
            return SelectClause.class.isInterface(); // came with 1.7.0
        } catch (NoClassDefFoundError e) {
            return false;
        }
    }

    /** Returns the version that the jar of the coroutines names. */
    private static String found() {
        try (InputStream version = Job.class.getResourceAsStream("/META-INF/kotlinx_coroutines_core.version")) {
            if (version != null) {
                return new BufferedReader(new InputStreamReader(version, StandardCharsets.UTF_8)).readLine();
            }
        } catch (IOException e) {
            // then the version is unknown
        }
        return "of an unknown version";
    }
}
