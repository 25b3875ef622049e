package io.selvage.server.observe;

/// Characters in UTF-8 (RFC 3629) among bytes.
final class Utf8 {
    private Utf8() {
    }

    /// The number of bytes of the character that begins at an index, 2 to 4; 0 if none does. An overlong form, a surrogate and
    /// what is above U+10FFFF are no characters.
    ///
    /// @param bytes each `char` is one byte
    /// @param at the index of a byte above ASCII
    static int length(String bytes, int at) {
        char first = bytes.charAt(at);
        int length = first < 0xc2 || first > 0xf4 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
        if (length == 0 || at + length > bytes.length()) {
            return 0;
        }
        for (int i = at + 1; i < at + length; i++) {
            if (bytes.charAt(i) < 0x80 || bytes.charAt(i) > 0xbf) {
                return 0;
            }
        }
        char second = bytes.charAt(at + 1);
        boolean valid = switch (first) {
            case 0xe0 -> second >= 0xa0;
            case 0xed -> second < 0xa0;
            case 0xf0 -> second >= 0x90;
            case 0xf4 -> second < 0x90;
            default -> true;
        };
        return valid ? length : 0;
    }
}
