package io.selvage.server.tls;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Passwords for private keys, one on each line of a file (`ssl_password_file`). A named pipe gives them once, so what it gave is
/// remembered as long as the process lives. Thread-safe.
final class KeyPasswords {
    private static final Map<Path, List<char[]>> FROM_PIPES = new HashMap<>();     // guarded by itself

    private KeyPasswords() {
    }

    /// Blocks. A pipe keeps it waiting until a program writes to it.
    ///
    /// @throws TlsFileException if the file cannot be read
    static List<char[]> read(Path file) throws TlsFileException {
        if (!isPipe(file)) {
            return passwords(file);
        }
        synchronized (FROM_PIPES) {
            List<char[]> known = FROM_PIPES.get(file);
            if (known == null) {
                known = passwords(file);
                FROM_PIPES.put(file, known);
            }
            return known;
        }
    }

    private static boolean isPipe(Path file) {
        try {
            return SecretFiles.call(() -> Files.readAttributes(file, BasicFileAttributes.class)).isOther();
        } catch (IOException e) {
            return false;
        }
    }

    private static List<char[]> passwords(Path file) throws TlsFileException {
        String text = new String(KeyPairFiles.read(file.toString()), StandardCharsets.ISO_8859_1);
        List<char[]> all = new ArrayList<>();
        text.lines().filter(line -> !line.isEmpty()).forEach(line -> all.add(line.toCharArray()));
        return List.copyOf(all);
    }
}
