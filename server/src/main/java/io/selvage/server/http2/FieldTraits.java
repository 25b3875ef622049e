package io.selvage.server.http2;

import io.selvage.server.http1.CharClasses;

/// What kinds of characters a field has (RFC 9113 §8.2.1), found once when its bytes are decoded: a field that comes again from a
/// table of HPACK is not looked through again. A set of bits.
public final class FieldTraits {
    /// The name is empty, or has a capital letter or a character that no token has.
    public static final int BAD_NAME = 1;
    /// The name has an underscore.
    public static final int UNDERSCORE = 2;
    /// The name has a character of tokens that is neither a letter, a digit, a hyphen nor an underscore.
    public static final int ODD = 4;
    /// The name starts with a colon.
    public static final int PSEUDO = 8;
    /// The value has NUL, CR or LF, or white space at its start or end.
    public static final int BAD_VALUE = 16;
    /// The value has another control character than a tab, NUL, CR and LF.
    public static final int CONTROL_IN_VALUE = 32;

    static final int OF_NAME = BAD_NAME | UNDERSCORE | ODD | PSEUDO;

    private FieldTraits() {
    }

    static int ofName(byte[] bytes, int from, int to) {
        if (from == to) {
            return BAD_NAME;
        }
        int traits = bytes[from] == ':' ? PSEUDO : 0;
        for (int i = traits == 0 ? from : from + 1; i < to; i++) {
            traits |= ofNameCharacter(bytes[i]);
        }
        return traits;
    }

    static int ofName(String name) {
        byte[] bytes = new byte[name.length()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) name.charAt(i);
        }
        return ofName(bytes, 0, bytes.length);
    }

    private static int ofNameCharacter(byte octet) {
        return switch (CharClasses.inToken(octet)) {
            case CharClasses.PLAIN -> octet >= 'A' && octet <= 'Z' ? BAD_NAME : 0;
            case CharClasses.UNDERSCORE -> UNDERSCORE;
            case CharClasses.ODD -> ODD;
            default -> BAD_NAME;
        };
    }

    static int ofValue(byte[] bytes, int from, int to) {
        if (from == to) {
            return 0;
        }
        if (isSpace(bytes[from]) || isSpace(bytes[to - 1])) {
            return BAD_VALUE;
        }
        int at = CharClasses.endOfText(bytes, from, to);
        int traits = at < to ? CONTROL_IN_VALUE : 0;
        while (at < to && CharClasses.isControlInText(bytes[at])) {
            at = CharClasses.endOfText(bytes, at + 1, to);
        }
        return at < to ? traits | BAD_VALUE : traits;
    }

    private static boolean isSpace(byte octet) {
        return octet == ' ' || octet == '\t';
    }
}
