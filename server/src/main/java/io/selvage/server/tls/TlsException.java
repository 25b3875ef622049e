package io.selvage.server.tls;

import java.io.IOException;

/// A handshake that failed, or a record that is not one. No stack trace: peers cause it, not the program.
public final class TlsException extends IOException {
    private static final long serialVersionUID = 1;

    private final Kind kind;

    /// What a caller can tell apart.
    public enum Kind {
        /// The client does not speak TLS but perhaps HTTP: its first byte is not one of a TLS record. The connection is open, the
        /// bytes that were read come again with its next read, and nothing was written: the caller may answer in plain text.
        PLAIN_TEXT,
        /// The first bytes begin as TLS does but are not. An alert was sent.
        GARBAGE,
        /// The policy refuses every handshake ([TlsPolicy#rejectsHandshake]). The alert `unrecognized_name` was sent.
        REJECTED,
        /// The site has no certificate for this client, or it cannot be loaded. An alert was sent.
        NO_CERTIFICATE,
        /// The other side's certificate was not accepted. The connection was closed. Only toward peers.
        UNVERIFIED,
        /// The other side closed the connection before the end of the handshake.
        CLOSED,
        /// The two sides have nothing in common (version, cipher), or one violates the protocol: an alert was sent or received.
        /// Or the engine cannot do what the policy says; toward a peer, nothing was sent then.
        FAILED
    }

    public TlsException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
