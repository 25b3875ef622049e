package io.selvage.perf.race;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// The files that all targets of a race serve, the same in every run: letters that compress badly, or in files whose names end in
/// `.txt` words, which compress like a text.
final class ServedFiles {
    private static final long SEED = 1;
    private static final int WORDS = 2000;
    private static final String LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+\n";

    private ServedFiles() {
    }

    /// Creates `folder`, and in it a file of each name and size.
    static Path write(Path folder, Map<String, Long> sizes) throws IOException {
        Files.createDirectories(folder);
        for (Map.Entry<String, Long> file : sizes.entrySet()) {
            int size = Math.toIntExact(file.getValue());
            Files.write(folder.resolve(file.getKey()), file.getKey().endsWith(".txt") ? words(size) : letters(size));
        }
        return folder;
    }

    private static byte[] letters(int size) {
        byte[] bytes = new byte[size];
        new Random(SEED).nextBytes(bytes);
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) LETTERS.charAt(bytes[i] & 63);
        }
        return bytes;
    }

    /// Words of two to nine letters, the first of them more often than the last.
    static byte[] words(int size) {
        var random = new Random(SEED);
        List<String> known = new ArrayList<>();
        while (known.size() < WORDS) {
            var word = new StringBuilder();
            for (int left = 2 + random.nextInt(8); left > 0; left--) {
                word.append((char) ('a' + random.nextInt(26)));
            }
            known.add(word.toString());
        }
        var text = new StringBuilder();
        while (text.length() < size) {
            double share = random.nextDouble();
            text.append(known.get((int) (WORDS * share * share))).append(random.nextInt(10) == 0 ? '\n' : ' ');
        }
        return text.substring(0, size).getBytes(StandardCharsets.US_ASCII);
    }
}
