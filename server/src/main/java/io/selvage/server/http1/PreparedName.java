package io.selvage.server.http1;

import java.nio.charset.StandardCharsets;

/// The name of a field that goes into many heads: checked and encoded once (RFC 9110 §5.1). Immutable.
public final class PreparedName {
    private final String text;
    private final byte[] start;

    /// @throws IllegalArgumentException if it is no token
    public PreparedName(String text) {
        if (!CharClasses.isToken(text)) {
            throw new IllegalArgumentException("an invalid field name");
        }
        this.text = text;
        this.start = (text + ": ").getBytes(StandardCharsets.ISO_8859_1);
    }

    public String text() {
        return text;
    }

    /// The bytes of a line in front of the value; not to be changed.
    byte[] start() {
        return start;
    }
}
