package io.selvage.server.http1;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// What single bytes may be in a head (RFC 9110 §5.6.2).
public final class CharClasses {
    /// A letter, a digit or a hyphen.
    public static final int PLAIN = 1;
    public static final int UNDERSCORE = 2;
    /// Any other character of a token.
    public static final int ODD = 4;

    private static final VarHandle EIGHT_BYTES =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final byte[] IN_TOKEN = new byte[256];

    static {
        for (char c = 'a'; c <= 'z'; c++) {
            IN_TOKEN[c] = PLAIN;
            IN_TOKEN[c - 'a' + 'A'] = PLAIN;
        }
        for (char c = '0'; c <= '9'; c++) {
            IN_TOKEN[c] = PLAIN;
        }
        IN_TOKEN['-'] = PLAIN;
        IN_TOKEN['_'] = UNDERSCORE;
        for (char c : "!#$%&'*+.^`|~".toCharArray()) {
            IN_TOKEN[c] = ODD;
        }
    }

    private CharClasses() {
    }

    /// The kind of a token's character, 0 for a character that a token cannot contain.
    public static int inToken(byte octet) {
        return IN_TOKEN[octet & 0xff];
    }

    /// The index of the first control character other than a tab, or the end of the window.
    public static int endOfText(byte[] window, int from, int to) {
        int at = from;
        while (at + Long.BYTES <= to && isPrintable((long) EIGHT_BYTES.get(window, at))) {
            at += Long.BYTES;
        }
        while (at < to && !isControl(window[at])) {
            at++;
        }
        return at;
    }

    /// True if all eight bytes are printable ASCII characters or spaces. Bit 7 of a byte remains or becomes set by the
    /// subtraction for a byte below 0x20, by the addition for 0x7f; a carry between bytes can only set more of these bits.
    private static boolean isPrintable(long eight) {
        return ((eight - 0x2020202020202020L | eight + 0x0101010101010101L | eight) & 0x8080808080808080L) == 0;
    }

    /// True for CTL of RFC 5234 without the tab, which is white space in HTTP.
    static boolean isControl(byte octet) {
        return octet < ' ' && octet >= 0 && octet != '\t' || octet == 0x7f;
    }

    /// True for a control character that neither ends a line nor is NUL.
    public static boolean isControlInText(byte octet) {
        return octet != '\r' && octet != '\n' && octet != 0 && isControl(octet);
    }

    /// True for a token (RFC 9110 §5.6.2): at least one character, all of them of a kind above.
    public static boolean isToken(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c > 0xff || IN_TOKEN[c] == 0) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    /// True for a method that is passed on: the upper-case letters, hyphens and underscores of all registered methods.
    public static boolean isMethod(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c < 'A' || c > 'Z') && c != '-' && c != '_') {
                return false;
            }
        }
        return !text.isEmpty();
    }

    /// True if a line of a head may contain these bytes: no end of line nor NUL (RFC 9110 §5.5).
    static boolean isLineSafe(byte[] window, int from, int to) {
        for (int i = from; i < to; i++) {
            if (window[i] == '\r' || window[i] == '\n' || window[i] == 0) {
                return false;
            }
        }
        return true;
    }
}
