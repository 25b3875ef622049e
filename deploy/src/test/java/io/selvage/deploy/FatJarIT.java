package io.selvage.deploy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

/// The content of `selvage.jar`, and a start without any JVM option.
class FatJarIT {
    private static final Path JAR = Path.of("target/selvage.jar");

    @Test
    void runsAlone() throws Exception {
        var process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-jar", JAR.toString(), "version").redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes());
        assertEquals(0, process.waitFor(), output);
        assertEquals("selvage " + System.getProperty("selvage.version"), output.lines().findFirst().orElse(output));
    }

    @Test
    void manifestNamesEveryHelidonRegistry() throws IOException {
        try (var jar = new JarFile(JAR.toFile())) {
            List<String> held = jar.stream().map(entry -> entry.getName())
                    .filter(name -> name.matches("META-INF/helidon/.+/[^/]+")).sorted().toList();
            var list = jar.getInputStream(jar.getJarEntry("META-INF/helidon/manifest"));
            List<String> named = new String(list.readAllBytes()).lines()
                    .filter(line -> line.startsWith("META-INF/")).sorted().toList();
            assertEquals(held, named);
        }
    }

    @Test
    void containsNoJarSignatures() throws IOException {
        try (var jar = new JarFile(JAR.toFile())) {
            assertEquals(List.of(), jar.stream().map(entry -> entry.getName())
                    .filter(name -> name.matches("META-INF/.*\\.(SF|RSA|DSA|EC)")).toList());
            assertNull(jar.getJarEntry("module-info.class"));
        }
    }
}
