package io.selvage.server.http2;

/// The rules for fields that hold for requests, responses and trailer sections alike (RFC 9113 §8.2).
final class FieldChecks {
    private static final int MAX_DIGITS = 18;

    private FieldChecks() {
    }

    /// What is wrong with a field that is no pseudo-header field; empty for nothing.
    static String fault(String name, String value, int traits) {
        if ((traits & (FieldTraits.BAD_NAME | FieldTraits.BAD_VALUE)) != 0) {
            return (traits & FieldTraits.BAD_NAME) != 0 ? "an invalid field name" : "an invalid character in a field";
        }
        return switch (name) {
            case "connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade" ->
                "a field of the connection: " + name;
            case "te" -> value.equals("trailers") ? "" : "TE other than trailers";
            default -> "";
        };
    }

    /// The value of Content-Length, or -1 for what is none.
    static long contentLength(String value) {
        if (value.isEmpty() || value.length() > MAX_DIGITS) {
            return -1;
        }
        long length = 0;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            length = 10 * length + c - '0';
        }
        return length;
    }

    /// Whether a path has a character that no request target has: a space or a control character.
    static boolean isPathBroken(String path) {
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c <= ' ' || c == 0x7f) {
                return true;
            }
        }
        return false;
    }

}
