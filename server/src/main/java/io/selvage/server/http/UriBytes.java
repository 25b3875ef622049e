package io.selvage.server.http;

import java.util.BitSet;
import java.util.HexFormat;

/// Paths of URIs as bytes, each `char` of which is one byte: percent-encoding and decoding, and `..` segments (RFC 3986 §2.1,
/// §3.3).
public final class UriBytes {
    private static final HexFormat HEX = HexFormat.of().withUpperCase();
    private static final BitSet PLAIN = new BitSet(256);

    static {
        PLAIN.set('!', 0x7f);
        "\"#%<>?\\^`{|}".chars().forEach(PLAIN::clear);
    }

    private UriBytes() {
    }

    /// The path as it may stand in a request line: nothing in it can end the path, the line or the encoding.
    public static String encode(String path) {
        int first = 0;
        while (first < path.length() && PLAIN.get(path.charAt(first))) {
            first++;
        }
        if (first == path.length()) {
            return path;
        }
        StringBuilder encoded = new StringBuilder(path.length() + 16).append(path, 0, first);
        for (int i = first; i < path.length(); i++) {
            char c = path.charAt(i);
            if (PLAIN.get(c)) {
                encoded.append(c);
            } else {
                HEX.toHexDigits(encoded.append('%'), (byte) c);
            }
        }
        return encoded.toString();
    }

    /// A text as it may stand in the value of a query's argument: nothing in it can end the argument.
    public static String encodeArgument(String text) {
        if (text.chars().allMatch(c -> c > ' ' && c < 0x7f && "#%&+;?".indexOf(c) < 0)) {
            return text;
        }
        StringBuilder encoded = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c > ' ' && c < 0x7f && "#%&+;?".indexOf(c) < 0) {
                encoded.append(c);
            } else {
                HEX.toHexDigits(encoded.append('%'), (byte) c);
            }
        }
        return encoded.toString();
    }

    /// The target of a redirect with the percent-encodings decoded that stand for printable characters, up to the first
    /// question mark. A client gets the others as they are: decoded they could end the field.
    public static String decodeRedirect(String target) {
        if (target.indexOf('%') < 0) {
            return target;
        }
        StringBuilder decoded = new StringBuilder(target.length());
        int at = 0;
        while (at < target.length() && target.charAt(at) != '?') {
            int value = target.charAt(at) == '%' && at + 2 < target.length()
                    ? decoded(target.charAt(at + 1), target.charAt(at + 2)) : -1;
            if (value > '%' && value < 0x7f) {
                decoded.append((char) value);
                at += 3;
                if (value == '?') {
                    break;
                }
            } else {
                decoded.append(target.charAt(at));
                at++;
            }
        }
        return decoded.append(target, at, target.length()).toString();
    }

    /// The byte of a percent-encoding.
    ///
    /// @return a negative number if one of the two is no hexadecimal digit
    static int decoded(char high, char low) {
        return 16 * hex(high) + hex(low);
    }

    /// The value of a hexadecimal digit; far below zero for anything else, so that a sum with it stays there.
    private static int hex(char c) {
        int digit = c < 0x80 ? Character.digit(c, 16) : -1;
        return digit < 0 ? -1000 : digit;
    }

    /// True if a segment behind the first slash of a decoded path is `..`.
    public static boolean hasStepUp(String path) {
        for (int at = path.indexOf("/.."); at >= 0; at = path.indexOf("/..", at + 1)) {
            if (at + 3 == path.length() || path.charAt(at + 3) == '/') {
                return true;
            }
        }
        return false;
    }

    /// A target or a query that was put together from encoded and decoded parts: bytes that would end it or the line are
    /// encoded, all else stays as written.
    public static String encodeUnsafe(String mixed) {
        if (mixed.chars().allMatch(UriBytes::isSafe)) {
            return mixed;
        }
        StringBuilder safe = new StringBuilder(mixed.length() + 16);
        for (int i = 0; i < mixed.length(); i++) {
            char c = mixed.charAt(i);
            safe.append(isSafe(c) ? String.valueOf(c) : encode(String.valueOf(c)));
        }
        return safe.toString();
    }

    private static boolean isSafe(int c) {
        return c > ' ' && c < 0x7f && c != '#';
    }
}
