package io.selvage.cache;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

class FileNameTest {
    @TempDir Path folder;

    @Test void everyByteAllowedByTheKernelIsPreserved() throws IOException {
        for (int b = 1; b < 256; b++) {
            if (b != '/') {
                var name = new FileName(FileName.of(folder) + "/<" + (char) b + ">");
                Files.writeString(name.toPath(), "byte " + b);
                assertEquals("byte " + b, Files.readString(name.toPath()));
                assertEquals(name, FileName.of(name.toPath()));
            }
        }
        try (var files = Files.list(folder)) {
            assertEquals(254, files.count());
        }
    }

    /// The child process runs in the C locale, where `Path.of(String)` cannot name a file beyond ASCII.
    @Test void utf8NamesAreFoundInTheCLocale() throws Exception {
        var name = new FileName(FileName.of(folder) + "/na\u00c3\u00afve \u00e2\u0082\u00ac");     // the bytes of "naïve €"
        Files.writeString(name.toPath(), "found");
        var child = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp", System.getProperty("java.class.path"), InTheCLocale.class.getName(), FileName.of(folder).bytes());
        child.environment().put("LC_ALL", "C");
        Process process = child.redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
        assertEquals("found\n", output);
    }

    @Test void nameOfAPathHasItsUtf8Bytes() {
        assumeTrue("UTF-8".equals(System.getProperty("sun.jnu.encoding")), "in the C locale the JDK takes no such text");
        assertArrayEquals("/x/\u00fc%".getBytes(StandardCharsets.UTF_8),
                FileName.of(Path.of("/x/\u00fc%")).bytes().getBytes(StandardCharsets.ISO_8859_1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "./a", "a/", "/a/", "//", "/a\0b"})
    void relativeOrIncompleteNamesAreRejected(String bytes) {
        assertThrows(IllegalArgumentException.class, () -> new FileName(bytes));
    }

    @Test void charAboveFfHasNoPath() {
        assertThrows(IllegalArgumentException.class, () -> new FileName("/\u20ac").toPath());
    }

    @Test void repeatedSlashesAndDotsAreLeftToTheKernel() {
        for (String bytes : List.of("/", "//tmp", "/tmp//..", "/tmp/./.")) {
            assertTrue(Files.isDirectory(new FileName(bytes).toPath()), bytes);
        }
    }

    @Test void longNamesAreDetected() {
        assertFalse(new FileName("/" + "a".repeat(255) + "/b").isTooLong());
        assertTrue(new FileName("/" + "a".repeat(256)).isTooLong());
        assertFalse(new FileName("/a".repeat(2047)).isTooLong());
        assertTrue(new FileName("/a".repeat(2048)).isTooLong());
    }

    static final class InTheCLocale {
        public static void main(String[] args) {
            var name = new FileName(args[0] + "/na\u00c3\u00afve \u00e2\u0082\u00ac");
            var found = new FileCache(FileCacheSettings.standard()).find(name);
            System.out.println(found instanceof FileLookup.Ready(_, var ready)
                    ? StandardCharsets.UTF_8.decode(ready.duplicate()) : System.getProperty("sun.jnu.encoding") + found);
        }
    }
}
