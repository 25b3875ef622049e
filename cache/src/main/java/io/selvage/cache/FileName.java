package io.selvage.cache;

import java.net.URI;
import java.nio.file.Path;

/// An absolute file name as the kernel sees it: a string of bytes, one char (0 to 255) for each byte.
///
/// File names on Unix are bytes, not text, and a request spells them as bytes too. Kept this way a name needs no
/// decoding, is cheap to look up, and identifies the same file in every locale.
///
/// @param bytes begins with `/`, contains no NUL and, unless it is the root itself, does not end with `/`
public record FileName(String bytes) {
    private static final String PLAIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";
    private static final String HEX = "0123456789ABCDEF";
    private static final int LONGEST_COMPONENT = 255;
    private static final int LONGEST_NAME = 4095;

    public FileName {
        if (!bytes.startsWith("/") || bytes.indexOf('\0') >= 0 || bytes.length() > 1 && bytes.endsWith("/")) {
            throw new IllegalArgumentException("not an absolute file name: " + bytes);
        }
    }

    /// The name of the absolute form of `path`.
    public static FileName of(Path path) {
        String raw = path.toAbsolutePath().toUri().getRawPath();
        var bytes = new StringBuilder(raw.length());
        for (int i = 0; i < raw.length(); i++) {
            if (raw.charAt(i) == '%') {
                bytes.append((char) Integer.parseInt(raw, i + 1, i + 3, 16));
                i += 2;
            } else {
                bytes.append(raw.charAt(i));
            }
        }
        if (bytes.length() > 1 && bytes.charAt(bytes.length() - 1) == '/') {
            bytes.setLength(bytes.length() - 1);
        }
        return new FileName(bytes.toString());
    }

    /// The same name as a `Path`, byte for byte.
    ///
    /// The conversion uses a `file:` URI, the only JDK interface that accepts bytes: `Path.of(String)` encodes with
    /// `sun.jnu.encoding`, which is ASCII under `LANG=C` and cannot be set on the command line. See decision 1.
    ///
    /// @throws IllegalArgumentException if a char is not a byte
    public Path toPath() {
        var uri = new StringBuilder(bytes.length() + 16).append("file://");
        for (int i = 0; i < bytes.length(); i++) {
            char c = bytes.charAt(i);
            if (c > 0xff) {
                throw new IllegalArgumentException("not a string of bytes: " + bytes);
            }
            if (PLAIN.indexOf(c) >= 0) {
                uri.append(c);
            } else {
                uri.append('%').append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
            }
        }
        return Path.of(URI.create(uri.toString()));
    }

    /// True if the name exceeds NAME_MAX or PATH_MAX, so that no such file can exist.
    boolean isTooLong() {
        if (bytes.length() > LONGEST_NAME) {
            return true;
        }
        int component = 0;
        for (int i = 0; i < bytes.length(); i++) {
            component = bytes.charAt(i) == '/' ? 0 : component + 1;
            if (component > LONGEST_COMPONENT) {
                return true;
            }
        }
        return false;
    }

    @Override public String toString() {
        return bytes;
    }
}
