package io.selvage.server.wiring;

import io.selvage.server.engine.EngineMissing;
import io.selvage.server.module.IoMode;
import io.selvage.server.module.MainSettings;
import io.selvage.server.module.Modules;
import io.selvage.server.net.Io;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// A JVM that was started without `--add-opens`, for example with `java -cp`.
@Timeout(60)
class WithoutOpensTest {

    /// Starts the engine as the server does, and prints the result.
    static final class Program {
        private Program() {
        }

        public static void main(String[] arguments) throws Exception {
            try {
                Io io = IoWiring.start(IoMode.valueOf(arguments[0]), MainSettings.of(Modules.LANGUAGE.parse("events { }")),
                        System.out::println);
                System.out.println("io " + io.name() + ", " + io.places());
            } catch (EngineMissing e) {
                System.out.println("not started: " + e.getMessage());
            }
        }
    }

    @Test
    void autoFallsBackWithOneWarningThatNamesTheFlag() throws Exception {
        List<String> said = run("AUTO");
        assertEquals(2, said.size(), said::toString);
        assertTrue(said.getFirst().contains("add --add-opens java.base/java.lang=ALL-UNNAMED"), said::toString);
        assertEquals("io jdk, 1", said.getLast());
    }

    @Test
    void configuredCarriersPreventTheStart() throws Exception {
        List<String> said = run("CARRIER");
        assertEquals(1, said.size(), said::toString);
        assertTrue(said.getFirst().startsWith("not started: ") && said.getFirst().contains("--add-opens"), said::toString);
    }

    @Test
    void configuredJdkSchedulerCausesNoWarning() throws Exception {
        assertEquals(List.of("io jdk, 1"), run("JDK"));
    }

    private static List<String> run(String mode) throws Exception {
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp", System.getProperty("java.class.path"), Program.class.getName(), mode).redirectErrorStream(true).start();
        try (var out = process.inputReader()) {
            List<String> lines = out.lines().toList();
            assertEquals(0, process.waitFor());
            return lines;
        }
    }
}
