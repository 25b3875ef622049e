package io.selvage.server.tls;

import java.util.Optional;

/// The versions of the protocol, oldest first.
public enum TlsVersion {
    TLS_1_0(0x0301, "TLSv1"),
    TLS_1_1(0x0302, "TLSv1.1"),
    TLS_1_2(0x0303, "TLSv1.2"),
    TLS_1_3(0x0304, "TLSv1.3");

    private final int code;
    private final String text;

    TlsVersion(int code, String text) {
        this.code = code;
        this.text = text;
    }

    /// The number on the wire.
    public int code() {
        return code;
    }

    /// As OpenSSL, nginx and the JDK write it, except that the JDK writes `TLSv1` for 1.0 too.
    public String text() {
        return text;
    }

    /// The version with a name as [#text] gives it.
    public static Optional<TlsVersion> named(String text) {
        for (TlsVersion version : values()) {
            if (version.text.equals(text)) {
                return Optional.of(version);
            }
        }
        return Optional.empty();
    }
}
