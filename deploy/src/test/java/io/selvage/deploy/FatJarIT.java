package io.selvage.deploy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

/// What is packed into `selvage.jar`, and that Java runs it without any option.
class FatJarIT {
    private static final Path JAR = Path.of("target/selvage.jar");

    @Test
    void runsAlone() throws Exception {
        var process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-jar", JAR.toString(), "version").redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes());
        assertEquals(0, process.waitFor(), said);
        assertEquals("selvage " + System.getProperty("selvage.version"), said.lines().findFirst().orElse(said));
    }

    @Test
    void namesEveryHelidonRegistryThatItHolds() throws IOException {
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
    void holdsNoSignatureOfTheJarsInIt() throws IOException {
        try (var jar = new JarFile(JAR.toFile())) {
            assertEquals(List.of(), jar.stream().map(entry -> entry.getName())
                    .filter(name -> name.matches("META-INF/.*\\.(SF|RSA|DSA|EC)")).toList());
            assertNull(jar.getJarEntry("module-info.class"));
        }
    }
}
