package io.selvage.server.tls;

/// What one engine can do and another cannot. A configuration that needs what is missing is to be refused when it is loaded.
public enum TlsCapability {
    /// The cipher suites of TLS 1.3 can be chosen.
    CHOOSES_TLS13_CIPHERS("a choice of TLS 1.3 cipher suites"),
    /// The client's order of preference of cipher suites can decide.
    CLIENT_PREFERENCE("cipher suites in the client's order of preference"),
    /// Data in the first flight of a resumed TLS 1.3 connection (RFC 8446 §2.3).
    EARLY_DATA("early data"),
    /// Key exchange with Diffie-Hellman in finite fields (DHE).
    FINITE_FIELD_DH("key exchange by DHE"),
    /// The group X448.
    X448("the group X448"),
    /// The hybrid group X25519MLKEM768.
    ML_KEM("the group X25519MLKEM768"),
    /// Keys for session tickets can be given.
    TICKET_KEYS("given keys for session tickets"),
    /// Keys for session tickets can have 80 bytes (AES-256).
    LONG_TICKET_KEYS("keys of 80 bytes for session tickets"),
    /// OCSP responses can be sent along with a certificate (stapling).
    STAPLING("stapled OCSP responses"),
    /// Certificates can be compressed (RFC 8879).
    CERTIFICATE_COMPRESSION("compressed certificates"),
    /// The secrets of connections can be logged.
    KEY_LOG("a log of the secrets of connections"),
    /// TLS 1.0 and 1.1.
    OLD_VERSIONS("TLS 1.0 and 1.1");

    private final String text;

    TlsCapability(String text) {
        this.text = text;
    }

    /// What it is, to put into a sentence.
    public String text() {
        return text;
    }
}
