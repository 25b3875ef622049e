package io.selvage.server.ssi;

import java.util.HexFormat;

/// Text for a page or for a URI in a page.
final class Encodings {
    private static final HexFormat HEX = HexFormat.of().withUpperCase();
    private static final String URL = "\"%'<>";

    private Encodings() {
    }

    /// With entities in the place of characters that mean something in HTML.
    static String entities(String text) {
        StringBuilder encoded = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            switch (text.charAt(i)) {
                case '<' -> encoded.append("&lt;");
                case '>' -> encoded.append("&gt;");
                case '&' -> encoded.append("&amp;");
                case '"' -> encoded.append("&quot;");
                default -> encoded.append(text.charAt(i));
            }
        }
        return encoded.toString();
    }

    /// With the characters encoded that end a URI in an attribute: control characters, spaces, quotes, angle brackets, percent
    /// signs and everything beyond ASCII.
    static String url(String text) {
        StringBuilder encoded = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c <= ' ' || c >= 0x7f || URL.indexOf(c) >= 0) {
                HEX.toHexDigits(encoded.append('%'), (byte) c);
            } else {
                encoded.append(c);
            }
        }
        return encoded.toString();
    }
}
