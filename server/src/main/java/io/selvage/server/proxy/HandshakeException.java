package io.selvage.server.proxy;

import io.selvage.server.tls.TlsException;
import java.io.IOException;
import java.util.Map;

/// A handshake with a peer that failed; the message has the words of nginx. No stack trace: peers cause it, not the program.
final class HandshakeException extends IOException {
    private static final long serialVersionUID = 1;
    private static final String OTHER_NAME = "the certificate is not for ";
    private static final int UNSPECIFIED = 1;
    /// The numbers that OpenSSL gives to its reasons (X509_STORE_CTX_get_error(3)).
    private static final Map<String, Integer> NUMBERS = Map.ofEntries(
            Map.entry("unable to get issuer certificate", 2), Map.entry("unable to get certificate CRL", 3),
            Map.entry("certificate signature failure", 7), Map.entry("certificate is not yet valid", 9),
            Map.entry("certificate has expired", 10), Map.entry("CRL is not yet valid", 11), Map.entry("CRL has expired", 12),
            Map.entry("self-signed certificate", 18), Map.entry("self-signed certificate in certificate chain", 19),
            Map.entry("unable to get local issuer certificate", 20),
            Map.entry("unable to verify the first certificate", 21), Map.entry("certificate chain too long", 22),
            Map.entry("certificate revoked", 23), Map.entry("invalid CA certificate", 24),
            Map.entry("path length constraint exceeded", 25), Map.entry("unsuitable certificate purpose", 26),
            Map.entry("certificate not trusted", 27), Map.entry("certificate rejected", 28));

    private HandshakeException(String message, IOException cause) {
        super(message, cause);
    }

    /// @param name whose certificate was expected
    static HandshakeException of(IOException failure, String name) {
        return new HandshakeException(describe(failure, name), failure);
    }

    private static String describe(IOException failure, String name) {
        String message = String.valueOf(failure.getMessage());
        if (!(failure instanceof TlsException tls)) {
            return "peer closed connection in SSL handshake (" + message + ")";
        }
        return switch (tls.kind()) {
            case UNVERIFIED -> message.startsWith(OTHER_NAME) ? "upstream SSL certificate does not match \"" + name + "\""
                    : "upstream SSL certificate verify error: ("
                            + NUMBERS.getOrDefault(message, UNSPECIFIED) + ":" + message + ")";
            case CLOSED -> "peer closed connection in SSL handshake";
            case PLAIN_TEXT, GARBAGE, REJECTED, NO_CERTIFICATE, FAILED -> "SSL_do_handshake() failed (SSL: " + message + ")";
        };
    }

    /// The failure of a peer whose certificate is not for the expected name.
    static TlsException otherName() {
        return new TlsException(TlsException.Kind.UNVERIFIED, OTHER_NAME + "\"\"");
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
