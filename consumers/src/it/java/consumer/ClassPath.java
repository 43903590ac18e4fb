package consumer;

import java.io.IOException;
import java.net.URL;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The class path of a consumer. */
final class ClassPath {
    private static final Pattern JAR = Pattern.compile("([^/]*\\.jar)!");

    private ClassPath() {}

    /** Fails unless the class path has exactly these versions of kotlinx-coroutines and Kotlin. */
    static void check(String coroutines, String kotlin) throws IOException {
        List<String> jars = jars();
        System.out.println("class path: " + jars);
        assertOnly("kotlinx-coroutines-core-jvm-" + coroutines + ".jar", "kotlinx-coroutines-core-jvm-", jars);
        assertOnly("kotlin-stdlib-" + kotlin + ".jar", "kotlin-stdlib", jars); // not -common, -jdk7 or -jdk8
    }

    private static void assertOnly(String expected, String prefix, List<String> jars) {
        List<String> found = jars.stream().filter(jar -> jar.startsWith(prefix)).collect(Collectors.toList());
        if (!found.equals(Collections.singletonList(expected))) {
            throw new AssertionError("expected " + expected + ", but found " + found);
        }
    }

    private static List<String> jars() throws IOException {
        return Collections.list(ClassPath.class.getClassLoader().getResources("META-INF/MANIFEST.MF")).stream()
                .map(URL::getPath)
                .map(JAR::matcher)
                .filter(Matcher::find)
                .map(matcher -> matcher.group(1))
                .collect(Collectors.toList());
    }
}
