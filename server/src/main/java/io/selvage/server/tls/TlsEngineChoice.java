package io.selvage.server.tls;

/// Which [TlsEngine] is wanted (`ssl_engine`).
public enum TlsEngineChoice {
    /// BoringSSL where it works, else the JDK's.
    AUTO,
    /// BoringSSL, or none.
    BORINGSSL,
    /// The JDK's own.
    JDK
}
