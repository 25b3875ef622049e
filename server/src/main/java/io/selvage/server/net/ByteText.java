package io.selvage.server.net;

import io.selvage.cache.FileName;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// Strings in which each `char` is one byte, 0 to 255.
///
/// Requests, file names and configuration files are bytes without a declared encoding. The server keeps them in such strings and
/// compares, joins and sends them byte for byte. They become text only where people read them, and paths only where a file is
/// opened.
public final class ByteText {
    private ByteText() {
    }

    /// The bytes as such a string.
    public static String of(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /// The bytes of a text in UTF-8.
    public static String encode(String text) {
        return isAscii(text) ? text : of(text.getBytes(StandardCharsets.UTF_8));
    }

    /// The text for people. Bytes that are not UTF-8 become U+FFFD.
    ///
    /// @param bytes a text with chars above 255 is returned unchanged
    public static String decode(String bytes) {
        return isAscii(bytes) || bytes.chars().anyMatch(c -> c > 0xff) ? bytes
                : new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    /// The bytes of a file name. A relative one stays relative.
    public static String of(Path path) {
        String text = path.toString();
        if (isAscii(text)) {
            return text;
        }
        return path.isAbsolute() ? FileName.of(path).bytes() : FileName.of(Path.of("/").resolve(path)).bytes().substring(1);
    }

    /// The file of this name. A relative one stays relative.
    ///
    /// @throws java.nio.file.InvalidPathException if the name contains a zero byte
    public static Path path(String bytes) {
        if (isAscii(bytes) || bytes.indexOf('\0') >= 0) {
            return Path.of(bytes);
        }
        if (!bytes.startsWith("/")) {
            Path absolute = path("/" + bytes);
            return absolute.subpath(0, absolute.getNameCount());
        }
        return new FileName(bytes.replaceFirst("/+$", "")).toPath();
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 0x7f) {
                return false;
            }
        }
        return true;
    }
}
