package io.selvage.server.module;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/// The token of the admin API, which clients send in `Authorization: Bearer` (RFC 6750).
public final class AdminToken {
    static final String NEEDED = "16 to 512 characters of A-Z, a-z, 0-9, \"-._~+/\" and \"=\" at the end";
    private static final int MOST_BYTES = 4096;
    /// The syntax of bearer tokens (RFC 6750 §2.1).
    private static final Pattern SYNTAX = Pattern.compile("(?=.{16,512}$)[A-Za-z0-9._~+/-]+=*");

    private AdminToken() {
    }

    static boolean isValid(String text) {
        return SYNTAX.matcher(text).matches();
    }

    /// The token in a file; white space around it does not count.
    ///
    /// @throws IOException if the file cannot be read, or contains no token; the message does not say what it contains
    public static String read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            String text = new String(in.readNBytes(MOST_BYTES), StandardCharsets.ISO_8859_1).strip();
            if (!isValid(text)) {
                throw new IOException("\"token_file\" of \"admin\" must contain " + NEEDED);
            }
            return text;
        }
    }
}
