package io.selvage.server.acme;

import java.util.Arrays;
import java.util.Optional;

/// How the ACME server is shown that a name belongs to this server.
public enum ChallengeType {
    /// A text at a path of port 80 (RFC 8555 §8.3).
    HTTP_01("http-01"),
    /// A certificate for the protocol `acme-tls/1` on port 443 (RFC 8737).
    TLS_ALPN_01("tls-alpn-01");

    private final String text;

    ChallengeType(String text) {
        this.text = text;
    }

    /// The type with a name, which may be without its version: `http`.
    public static Optional<ChallengeType> named(String name) {
        return Arrays.stream(values()).filter(each -> name.equals(each.text) || (name + "-01").equals(each.text)).findFirst();
    }

    /// As in a configuration: `http-01`.
    @Override
    public String toString() {
        return text;
    }
}
