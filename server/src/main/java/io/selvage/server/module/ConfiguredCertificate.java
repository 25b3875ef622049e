package io.selvage.server.module;

import io.selvage.server.acme.StoredCertificate;
import io.selvage.server.config.Config;
import io.selvage.server.config.Section;
import io.selvage.server.tls.CertificateChecks;
import io.selvage.server.tls.KeyPairFiles;
import io.selvage.server.tls.TlsFileException;
import java.io.IOException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// A certificate that a configuration names, for people.
///
/// @param site the name of the first site that uses it
/// @param file its name as it is configured, with variables or without; or the ACME server that it comes from
/// @param certificate empty if the name has variables
public record ConfiguredCertificate(String site, String file, Optional<X509Certificate> certificate) {
    private static final String UNKNOWN = "-";

    /// All certificates, each file once.
    ///
    /// @param config was checked, so that its files can be read
    public static List<ConfiguredCertificate> all(Config config) {
        List<ConfiguredCertificate> all = new ArrayList<>();
        AcmeOrders orders = new AcmeOrders(config.block(Contexts.HTTP));
        for (Section server : config.block(Contexts.HTTP).inside(Contexts.SERVER)) {
            TlsSettings set = TlsSettings.of(server);
            for (int i = 0; i < set.keys().certificates().size(); i++) {
                TlsFileName name = set.keys().certificates().get(i);
                String text = name.text().toString();
                if (name.isOrdered()) {
                    ordered(orders, server).filter(each -> !all.contains(each)).ifPresent(all::add);
                    continue;
                }
                if (all.stream().noneMatch(each -> each.file.equals(text))) {
                    all.add(new ConfiguredCertificate(ServerModule.name(server), text, certificate(set, name)));
                }
            }
        }
        return all;
    }

    /// One that the server orders itself. Its "file" says of whom, and why there is no newer one if the last order has failed.
    private static Optional<ConfiguredCertificate> ordered(AcmeOrders orders, Section server) {
        try {
            return orders.of(server).map(wanted -> {
                StoredCertificate stored = new StoredCertificate(wanted.issuer(), wanted.certificate());
                String failure = stored.failure().map(reason -> ": " + reason).orElse("");
                return new ConfiguredCertificate(ServerModule.name(server), "acme_issuer " + wanted.issuer().name() + failure,
                        stored.certificate());
            });
        } catch (IOException _) {
            return Optional.empty();                       // it was there when the configuration was checked
        }
    }

    private static Optional<X509Certificate> certificate(TlsSettings set, TlsFileName name) {
        try {
            return name.isFixed() ? Optional.of(TlsPolicies.files(set, name.fixed(), name.fixed()).chain().getFirst())
                    : Optional.empty();
        } catch (TlsFileException _) {
            return Optional.empty();                       // it was there when the configuration was checked
        }
    }

    /// The site, the names in the certificate, its issuer, when it ends, the days until then, and its file.
    public List<String> row(Instant now) {
        String shown = file.startsWith(KeyPairFiles.DATA) ? KeyPairFiles.DATA + "..." : file;
        String name = site.isEmpty() ? UNKNOWN : site;
        return certificate.map(found -> List.of(name, names(found),
                        DistinguishedNames.rfc2253(found.getIssuerX500Principal()), found.getNotAfter().toInstant().toString(),
                        Long.toString(CertificateChecks.daysLeft(found, now)), shown))
                .orElseGet(() -> List.of(name, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, shown));
    }

    private static String names(X509Certificate certificate) {
        try {
            Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
            return alternatives == null ? DistinguishedNames.rfc2253(certificate.getSubjectX500Principal())
                    : String.join(",", alternatives.stream().map(each -> String.valueOf(each.get(1))).toList());
        } catch (CertificateParsingException e) {
            return UNKNOWN;
        }
    }
}
