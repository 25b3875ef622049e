package io.selvage.server.tls;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// What may be negotiated.
///
/// @param versions the versions of the protocol; at least one
/// @param ciphers cipher suites of TLS 1.2 and below by their OpenSSL names, best first, such as `ECDHE-RSA-AES128-GCM-SHA256`;
///         none for the engine's own choice. Those of TLS 1.3 are the engine's, unless it [TlsCapability#CHOOSES_TLS13_CIPHERS]
///         and some are named
/// @param serverPreference true to take the first of `ciphers` that the client offers, false the client's first
/// @param groups key exchange groups (curves) by the names of OpenSSL, best first, such as `X25519` or `prime256v1`; none for
///         the engine's own choice
/// @param compresses true to compress the certificates of a server for clients that can decompress them (RFC 8879); needs an
///         engine with [TlsCapability#CERTIFICATE_COMPRESSION]
public record TlsParameters(Set<TlsVersion> versions, List<String> ciphers, boolean serverPreference, List<String> groups,
        boolean compresses) {
    /// TLS 1.2 and 1.3 with the engine's own choice of ciphers and groups.
    public static final TlsParameters DEFAULT = new TlsParameters(EnumSet.of(TlsVersion.TLS_1_2, TlsVersion.TLS_1_3), List.of(),
            false, List.of());

    public TlsParameters {
        if (versions.isEmpty()) {
            throw new IllegalArgumentException("no version of TLS");
        }
        versions = Set.copyOf(versions);
        ciphers = List.copyOf(ciphers);
        groups = List.copyOf(groups);
    }

    /// Parameters without compression.
    public TlsParameters(Set<TlsVersion> versions, List<String> ciphers, boolean serverPreference, List<String> groups) {
        this(versions, ciphers, serverPreference, groups, false);
    }

    /// The same with compression of certificates.
    public TlsParameters withCompression() {
        return new TlsParameters(versions, ciphers, serverPreference, groups, true);
    }
}
