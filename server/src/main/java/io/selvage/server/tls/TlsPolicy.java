package io.selvage.server.tls;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What one site offers as a server. Immutable; any number of connections may use one at once.
///
/// @param certificates the keys that it may show
/// @param parameters versions, ciphers and groups
/// @param alpn names of application protocols, best first, such as `h2` and `http/1.1` (RFC 7301); the first one that the client
///         offers too is taken, none from a client that offers none. One that offers only others is refused
/// @param clientCertificates whether clients are asked for a certificate
/// @param sessions how sessions are resumed
/// @param recordSize the most bytes of data in one record, 1 to 16384 (`ssl_buffer_size`). A small one lets the first bytes be
///         decrypted sooner, a large one costs less
/// @param rejectsHandshake true to refuse every client with the alert `unrecognized_name` (`ssl_reject_handshake`)
/// @param keyLog gets the secrets of connections (`ssl_key_log`); empty for none
public record TlsPolicy(CertificateSource certificates, TlsParameters parameters, List<String> alpn,
        ClientCertificates clientCertificates, TlsSessions sessions, int recordSize, boolean rejectsHandshake,
        Optional<KeyLog> keyLog) {
    /// The most bytes of data that a record can have (RFC 8446 §5.1).
    public static final int LARGEST_RECORD = 16384;

    public TlsPolicy {
        alpn = List.copyOf(alpn);
        if (recordSize < 1 || recordSize > LARGEST_RECORD) {
            throw new IllegalArgumentException("records of " + recordSize + " bytes");
        }
    }

    /// A policy with the default of everything but the certificates.
    public static TlsPolicy of(CertificateSource certificates) {
        return new TlsPolicy(certificates, TlsParameters.DEFAULT, List.of(), ClientCertificates.NONE, TlsSessions.DEFAULT,
                LARGEST_RECORD, false, Optional.empty());
    }

    /// A policy that refuses every client.
    public static TlsPolicy rejecting() {
        return new TlsPolicy(CertificateSource.of(), TlsParameters.DEFAULT, List.of(), ClientCertificates.NONE,
                TlsSessions.DEFAULT, LARGEST_RECORD, true, Optional.empty());
    }

    public TlsPolicy with(TlsParameters others) {
        return new TlsPolicy(certificates, others, alpn, clientCertificates, sessions, recordSize, rejectsHandshake, keyLog);
    }

    public TlsPolicy with(ClientCertificates others) {
        return new TlsPolicy(certificates, parameters, alpn, others, sessions, recordSize, rejectsHandshake, keyLog);
    }

    public TlsPolicy with(TlsSessions others) {
        return new TlsPolicy(certificates, parameters, alpn, clientCertificates, others, recordSize, rejectsHandshake, keyLog);
    }

    /// The same with these application protocols, best first, in place of its own.
    public TlsPolicy withAlpn(String... names) {
        return new TlsPolicy(certificates, parameters, List.of(names), clientCertificates, sessions, recordSize,
                rejectsHandshake, keyLog);
    }

    /// The same with one more application protocol, which is preferred to the others.
    public TlsPolicy withAlpnFirst(String name) {
        return new TlsPolicy(certificates, parameters, Stream.concat(Stream.of(name), alpn.stream()).toList(), clientCertificates,
                sessions, recordSize, rejectsHandshake, keyLog);
    }

    /// @param size in bytes, 1 to [#LARGEST_RECORD]
    public TlsPolicy withRecordSize(int size) {
        return new TlsPolicy(certificates, parameters, alpn, clientCertificates, sessions, size, rejectsHandshake, keyLog);
    }

    /// The same, but the secrets of its connections are written to a log, with which the connections can be decrypted.
    public TlsPolicy with(KeyLog log) {
        return new TlsPolicy(certificates, parameters, alpn, clientCertificates, sessions, recordSize, rejectsHandshake,
                Optional.of(log));
    }
}
