package io.selvage.perf.race;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;

/// The files that all targets of a race serve: letters that compress badly, the same in every run.
final class ServedFiles {
    private static final long SEED = 1;
    private static final String LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+\n";

    private ServedFiles() {
    }

    /// Creates `folder`, and in it a file of each name and size.
    static Path write(Path folder, Map<String, Long> sizes) throws IOException {
        Files.createDirectories(folder);
        for (Map.Entry<String, Long> file : sizes.entrySet()) {
            byte[] bytes = new byte[Math.toIntExact(file.getValue())];
            new Random(SEED).nextBytes(bytes);
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) LETTERS.charAt(bytes[i] & 63);
            }
            Files.write(folder.resolve(file.getKey()), bytes);
        }
        return folder;
    }
}
