package dev.janus;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The public API is what {@code api/janus-core.api} says. After a planned change write that file again with
 * {@code mvn test -pl janus-core -Dtest=PublicApiTest -DargLine=-Dapi.update=true} and review the difference.
 */
class PublicApiTest {
    private static final Path CLASSES = Paths.get("target", "classes");
    private static final Path DUMP = Paths.get("api", "janus-core.api");

    @Test
    void publicApi_asBuilt_isTheOneInTheRepository() throws IOException {
        String built = dump();
        if (Boolean.getBoolean("api.update")) {
            Files.createDirectories(DUMP.getParent());
            Files.write(DUMP, built.getBytes("UTF-8"));
        }
        assertEquals(new String(Files.readAllBytes(DUMP), "UTF-8"), built, "the public API changed: see " + DUMP);
    }

    /** The public types with their public and protected members, by the JDK's own class file printer. */
    private static String dump() throws IOException {
        List<String> arguments;
        try (Stream<Path> files = Files.walk(CLASSES)) {
            arguments = files.map(Path::toString)
                    .filter(name -> name.endsWith(".class") && !name.endsWith("package-info.class"))
                    .sorted()
                    .collect(Collectors.toList());
        }
        arguments.add(0, "-protected");
        StringWriter out = new StringWriter();
        ToolProvider.findFirst("javap")
                .orElseThrow(IllegalStateException::new)
                .run(new PrintWriter(out), new PrintWriter(out), arguments.toArray(new String[0]));
        return Stream.of(out.toString().split("(?<=\\n}\\R)"))
                .map(type -> type.replaceFirst("Compiled from .*\\R", ""))
                .filter(type -> type.startsWith("public "))
                .collect(Collectors.joining("\n"));
    }
}
