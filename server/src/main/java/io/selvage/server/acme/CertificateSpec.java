package io.selvage.server.acme;

import java.util.List;
import java.util.Locale;

/// A certificate that is wanted.
///
/// @param names DNS names and IP addresses, at least one; in lower case, without duplicates
/// @param key the kind of its private key
public record CertificateSpec(List<String> names, KeyAlgorithm key) {
    public CertificateSpec {
        names = names.stream().map(name -> name.toLowerCase(Locale.ROOT)).distinct().toList();
        if (names.isEmpty()) {
            throw new IllegalArgumentException("a certificate without a name");
        }
    }

    /// For messages: the names.
    @Override
    public String toString() {
        return String.join(", ", names) + (key == KeyAlgorithm.ECDSA_256 ? "" : " (" + key + ")");
    }
}
