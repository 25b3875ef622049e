package io.selvage.server.module;

import io.selvage.server.tls.CertificateChecks;
import io.selvage.server.tls.CertifiedKey;
import io.selvage.server.tls.KeyPairFiles;
import io.selvage.server.tls.OcspExchange;
import io.selvage.server.tls.TlsFileException;
import io.selvage.server.tls.WatchedKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Finds out whom to ask about a certificate: its responder, and its issuer.
final class Stapling {
    private Stapling() {
    }

    /// The certificate with its OCSP responses; empty, with a warning, where no responder or no issuer is known. A reload keeps
    /// what was fetched.
    static Optional<StapledKey> of(WatchedKey key, TlsSettings set, ConfigScope shared) {
        CertifiedKey current = key.current();
        Optional<String> responder = set.stapling().responder().map(ResponderUrl::text)
                .or(() -> OcspExchange.responder(current.leaf()));
        Optional<X509Certificate> issuer = issuer(current, set);
        if (responder.isEmpty() || issuer.isEmpty()) {
            shared.state().logs().warn("\"ssl_stapling\" ignored, "
                    + (responder.isEmpty() ? "no OCSP responder URL in the" : "issuer certificate not found for")
                    + " certificate \"" + CertificateChecks.subject(current.leaf()) + "\"");
            return Optional.empty();
        }
        var wanted = new Wanted(key, new StapledKey.Options(responder.get(), issuer.get(), set.stapling().verify()));
        return Optional.of(shared.state().keep(StapledKey.class, wanted, each ->
                new StapledKey(each.key, each.options, new CertificateReports(shared.state().logs()))));
    }

    /// @param key by identity
    private record Wanted(WatchedKey key, StapledKey.Options options) {
    }

    private static Optional<X509Certificate> issuer(CertifiedKey key, TlsSettings set) {
        List<X509Certificate> known = new ArrayList<>(key.chain().subList(1, key.chain().size()));
        for (NamedFile file : List.of(set.clients().trusted(), set.clients().authorities())) {
            try {
                known.addAll(file.isNone() ? List.of() : KeyPairFiles.authorities(file.path()));
            } catch (TlsFileException _) {
                // It is reported where it is needed.
            }
        }
        return known.stream().filter(other ->
                other.getSubjectX500Principal().equals(key.leaf().getIssuerX500Principal())).findFirst();
    }
}
