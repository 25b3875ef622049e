package io.selvage.server.module;

import io.selvage.server.acme.CertificateSlot;
import io.selvage.server.config.Section;
import io.selvage.server.route.ClientCertificateRule;
import io.selvage.server.route.LocationOptions;
import io.selvage.server.route.VerifyClient;
import io.selvage.server.tls.CertificateSource;
import io.selvage.server.tls.CertifiedKey;
import io.selvage.server.tls.ClientCertificates;
import io.selvage.server.tls.KeyPairFiles;
import io.selvage.server.tls.PeerTrust;
import io.selvage.server.tls.TicketKey;
import io.selvage.server.tls.TlsCapability;
import io.selvage.server.tls.TlsEngine;
import io.selvage.server.tls.TlsParameters;
import io.selvage.server.tls.TlsPolicy;
import io.selvage.server.tls.TlsSessions;
import io.selvage.server.tls.WatchedKey;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// Builds what a site offers in handshakes, and what it demands of certificates of clients.
public final class TlsPolicies {
    private static final List<String> ALPN = List.of("http/1.1", "http/1.0");

    private TlsPolicies() {
    }

    /// Whether a site has something to say in a handshake: certificates, or that it refuses it.
    static boolean isUsed(Section server) {
        TlsSettings set = TlsSettings.of(server);
        return !set.keys().certificates().isEmpty() || set.rejects();
    }

    /// What a site offers; empty if it has no certificate and does not refuse handshakes either.
    ///
    /// @param site what variables in names of certificates need to know of it
    /// @throws IOException if a file cannot be used, or the engine cannot do what is configured
    public static Optional<TlsPolicy> of(ConfigScope shared, Section server, LocationOptions site) throws IOException {
        if (!isUsed(server)) {
            return Optional.empty();
        }
        TlsSettings set = TlsSettings.of(server);
        TlsEngine engine = shared.tls();
        TlsPolicy policy = new TlsPolicy(certificates(shared, server, site), parameters(set, engine), ALPN,
                shared.clientCertificates(set.clients()), sessions(set),
                Math.clamp(set.bufferSize(), 1, TlsPolicy.LARGEST_RECORD), set.rejects(),
                FileKeyLog.open(shared, set.keys().log()));
        try {
            engine.prepare(policy);
        } catch (GeneralSecurityException e) {
            throw new IOException("the TLS engine \"" + engine.name() + "\" cannot do what \"" + ServerModule.name(server)
                    + "\" needs: " + e.getMessage(), e);
        }
        return Optional.of(policy);
    }

    private static TlsParameters parameters(TlsSettings set, TlsEngine engine) {
        TlsParameters negotiated = set.negotiation().parameters(engine);
        return set.compresses() ? negotiated.withCompression() : negotiated;
    }

    /// What a site demands of certificates of clients.
    ///
    /// @throws IOException if a file cannot be used
    public static ClientCertificateRule rule(ConfigScope shared, Section server) throws IOException {
        TlsSettings.ClientAuth clients = TlsSettings.of(server).clients();
        return clients.verify() == VerifyClient.OFF ? ClientCertificateRule.NONE
                : new ClientCertificateRule(clients.verify(), shared.clientCertificates(clients));
    }

    /// Reads the authorities and revocation lists that certificates of clients are checked with.
    static ClientCertificates clientCertificates(TlsSettings.ClientAuth set) throws IOException {
        if (set.verify() == VerifyClient.OFF) {
            return ClientCertificates.NONE;
        }
        List<X509Certificate> named =
                set.authorities().isNone() ? List.of() : KeyPairFiles.authorities(set.authorities().path());
        List<X509Certificate> trusted = new ArrayList<>(named);
        if (!set.trusted().isNone()) {
            trusted.addAll(KeyPairFiles.authorities(set.trusted().path()));
        }
        List<X509CRL> revoked = set.revoked().isNone() ? List.of() : KeyPairFiles.revocations(set.revoked().path());
        return new ClientCertificates(true, named, new PeerTrust(trusted, set.depth(), revoked));
    }

    private static TlsSessions sessions(TlsSettings set) throws IOException {
        List<TicketKey> keys = new ArrayList<>();
        for (NamedFile file : set.resumption().ticketKeys()) {
            keys.add(KeyPairFiles.ticketKey(file.path()));
        }
        return new TlsSessions(set.negotiation().tickets(set.resumption().tickets()), keys, set.resumption().cache().sessions(),
                set.resumption().timeout());
    }

    private static CertificateSource certificates(ConfigScope shared, Section server, LocationOptions site) throws IOException {
        TlsSettings set = TlsSettings.of(server);
        List<WatchedKey> fixed = new ArrayList<>();
        List<CertificateSlot> ordered = new ArrayList<>();
        List<VaryingKey> varying = new ArrayList<>();
        for (int i = 0; i < set.keys().certificates().size(); i++) {
            TlsFileName certificate = set.keys().certificates().get(i);
            TlsFileName key = set.keys().keys().get(i);
            if (certificate.isOrdered()) {
                ordered.add(shared.acme().slot(server).orElseThrow());
            } else if (certificate.isFixed() && key.isFixed()) {
                fixed.add(shared.certificate(files(set, certificate.fixed(), key.fixed())));
            } else {
                varying.add(new VaryingKey(certificate.text(), key.text(), server.scope().reading().folder(),
                        (left, right) -> files(set, left, right), shared.keyCache(set.keys().cache().options())));
            }
        }
        return varying.isEmpty() && ordered.isEmpty() ? certificates(shared, set, fixed)
                : new VaryingCertificates(fixed, ordered, varying, site, shared.state().logs());
    }

    /// Whether a site uses a certificate that the server has ordered itself.
    static boolean isOrdered(Section server) {
        return TlsSettings.of(server).keys().certificates().stream().anyMatch(TlsFileName::isOrdered);
    }

    /// Certificates whose files are known. Those without a responder to ask for an OCSP response are sent alone.
    private static CertificateSource certificates(ConfigScope shared, TlsSettings set, List<WatchedKey> fixed)
            throws IOException {
        if (set.stapling().isFetched() && shared.tls().capabilities().contains(TlsCapability.STAPLING)) {
            List<Supplier<CertifiedKey>> keys = new ArrayList<>();
            for (WatchedKey key : fixed) {
                Optional<StapledKey> stapled = Stapling.of(key, set, shared);
                keys.add(stapled.<Supplier<CertifiedKey>>map(each -> each::current).orElse(key::current));
            }
            return _ -> keys.stream().map(Supplier::get).toList();
        }
        if (fixed.size() == 1) {
            WatchedKey only = fixed.getFirst();
            return _ -> List.of(only.current());
        }
        return _ -> fixed.stream().map(WatchedKey::current).toList();
    }

    /// The files of a certificate of a site.
    ///
    /// @param certificate the name of its file
    /// @param key that of the file with its key
    static KeyPairFiles files(TlsSettings set, String certificate, String key) {
        return new KeyPairFiles(certificate, key, set.keys().passwords().found(),
                set.stapling().on() ? set.stapling().file().found() : Optional.empty());
    }
}
