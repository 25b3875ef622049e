package io.selvage.server.module;

import io.selvage.server.proxy.PeerTls;
import io.selvage.server.tls.KeyLog;
import io.selvage.server.tls.KeyPairFiles;
import io.selvage.server.tls.PeerTrust;
import io.selvage.server.tls.TlsClientPolicy;
import io.selvage.server.tls.TlsEngine;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.cert.X509CRL;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What makes the handshakes with peers, for one configuration: locations with equal settings share one, so that they share
/// sessions and idle connections.
final class PeerTlsClients {
    private final ConfigScope shared;
    private final Map<Key, Lazy> clients = new HashMap<>();
    private final Map<PeerTlsSettings.Verification, PeerTrust> trusts = new HashMap<>();

    /// What a client is made of.
    ///
    /// @param alpn the application protocols that peers are offered
    /// @param log the file for the secrets of connections
    record Key(PeerTlsSettings.Negotiation negotiation, PeerTlsSettings.Verification verification, boolean reuse,
            List<String> alpn, NamedFile log) {
        Key {
            alpn = List.copyOf(alpn);
        }
    }

    PeerTlsClients(ConfigScope shared) {
        this.shared = shared;
    }

    /// The client with these settings. Reads the files of its authorities. Called while the configuration is built.
    ///
    /// @param now whether it will certainly be used; otherwise the first request that uses it waits for the engine
    /// @throws IOException if a file cannot be used, or the engine cannot do what is configured
    PeerTls.ClientSource client(Key key, boolean now) throws IOException {
        Lazy client = clients.get(key);
        if (client == null) {
            client = new Lazy(key, trust(key.verification), FileKeyLog.open(shared, key.log), clients.size());
            clients.put(key, client);
        }
        if (now) {
            client.get();
        }
        return client;
    }

    private Optional<PeerTrust> trust(PeerTlsSettings.Verification set) throws IOException {
        if (!set.on()) {
            return Optional.empty();
        }
        PeerTrust known = trusts.get(set);
        if (known == null) {
            List<X509CRL> revoked = set.revoked().isNone() ? List.of() : KeyPairFiles.revocations(set.revoked().path());
            known = new PeerTrust(KeyPairFiles.authorities(set.trusted().path()), set.depth(), revoked);
            trusts.put(set, known);
        }
        return Optional.of(known);
    }

    /// A client that is made when it is first used. Any thread.
    private final class Lazy implements PeerTls.ClientSource {
        private final Key key;
        private final Optional<PeerTrust> trust;
        private final Optional<KeyLog> log;
        private final int id;
        private PeerTls.@Nullable Client client;           // guarded by this

        Lazy(Key key, Optional<PeerTrust> trust, Optional<KeyLog> log, int id) {
            this.key = key;
            this.trust = trust;
            this.log = log;
            this.id = id;
        }

        @Override
        public synchronized PeerTls.Client get() throws IOException {
            PeerTls.Client known = client;
            if (known == null) {
                TlsEngine engine = shared.tls();
                TlsClientPolicy policy = new TlsClientPolicy(key.negotiation.terms().parameters(engine), trust, key.alpn,
                        key.reuse && key.negotiation.terms().tickets(true), log);
                try {
                    engine.prepare(policy);
                } catch (GeneralSecurityException e) {
                    throw new IOException("the TLS engine \"" + engine.name() + "\" cannot do what peers need: "
                            + e.getMessage(), e);
                }
                known = new PeerTls.Client(engine, policy, id);
                client = known;
            }
            return known;
        }
    }
}
