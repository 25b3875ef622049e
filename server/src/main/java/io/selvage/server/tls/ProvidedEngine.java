package io.selvage.server.tls;

import io.selvage.server.engine.BlockingExecutor;
import io.selvage.server.net.AddressText;
import io.selvage.server.net.Connection;
import io.selvage.server.tls.EngineConnection.Transport;
import io.selvage.server.tls.EngineProvider.ClientContext;
import io.selvage.server.tls.EngineProvider.ServerContext;
import io.selvage.server.tls.TlsException.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/// The [TlsEngine] for any [EngineProvider].
final class ProvidedEngine implements TlsEngine {
    private static final Duration FOR_AN_ALERT = Duration.ofSeconds(1);

    private final EngineProvider provider;
    private final ContextCache<ServerSettings, ServerContext> servers;
    private final ContextCache<ClientSettings, ClientContext> clients;

    ProvidedEngine(EngineProvider provider) {
        this.provider = provider;
        this.servers = new ContextCache<>(provider::server);
        this.clients = new ContextCache<>(provider::client);
    }

    @Override
    public String name() {
        return provider.name();
    }

    @Override
    public String version() {
        return provider.version();
    }

    @Override
    public Set<TlsCapability> capabilities() {
        return Set.copyOf(provider.capabilities());
    }

    @Override
    public Set<String> ciphers() {
        return provider.ciphers();
    }

    @Override
    public Set<String> groups() {
        return provider.groups();
    }

    @Override
    public void prepare(TlsPolicy policy) throws GeneralSecurityException {
        Demands.check(policy.parameters(), policy.sessions(), provider);
        Demands.check(policy.keyLog(), provider);
        if (!policy.rejectsHandshake()) {
            servers.get(ServerSettings.of(policy));
        }
    }

    @Override
    public void prepare(TlsClientPolicy policy) throws GeneralSecurityException {
        Demands.check(policy.parameters(), TlsSessions.DEFAULT, provider);
        Demands.check(policy.keyLog(), provider);
        clients.get(ClientSettings.of(policy));
    }

    @Override
    public void check(CertifiedKey key) throws GeneralSecurityException {
        CertificateChecks.requireMatch(key);
        Optional<String> unusable = provider.whyUnusable(key);
        if (unusable.isPresent()) {
            throw new GeneralSecurityException(unusable.get());
        }
    }

    @Override
    public TlsConnection accept(Connection plain, PolicyChooser chooser, Duration timeout) throws IOException {
        Deadline until = Deadline.in(timeout);
        TlsBuffers buffers = TlsBuffers.here();
        Transport transport = new Transport(plain, buffers, new RecordInput(plain, buffers));
        ClientHello hello = readHello(transport, until);
        TlsPolicy policy = chooser.choose(hello);
        SSLEngine engine = serverEngine(plain, policy, hello);
        long startedMillis = System.currentTimeMillis();
        SentGroup sent = provider.tellsGroup() ? null : new SentGroup();
        shakeHands(transport, engine, sent, until);
        boolean asked = policy.clientCertificates().asked();
        NegotiatedInfo info = NegotiatedInfo.ofClient(engine, provider, startedMillis, hello, asked);
        if (sent != null) {
            info.group(sent);
        }
        if (asked) {
            info.verified(verify(info, policy.clientCertificates().trust(), PeerVerifier.CLIENT));
        }
        return new EngineConnection(transport, engine, provider, info, policy.recordSize());
    }

    private static ClientHello readHello(Transport transport, Deadline until) throws IOException {
        ClientHelloParser parser = new ClientHelloParser();
        RecordInput input = transport.input();
        try {
            while (true) {
                if (input.await(until.left()) < 0) {
                    throw new TlsException(Kind.CLOSED, "the client closed the connection without a ClientHello");
                }
                Optional<ClientHello> hello = parser.advance(input.bytes());
                if (hello.isPresent()) {
                    return hello.get();
                }
            }
        } catch (TlsException e) {
            switch (e.kind()) {
                case PLAIN_TEXT -> transport.plain().unread(input.takeAll());
                case GARBAGE -> send(transport.plain(), Alert.DECODE_ERROR);
                default -> {
                    // Nobody is there.
                }
            }
            throw e;
        }
    }

    private static void send(Connection plain, Alert alert) {
        try {
            plain.write(alert.record(), FOR_AN_ALERT);
        } catch (IOException e) {
            // The other side does not want to know.
        }
    }

    private SSLEngine serverEngine(Connection plain, TlsPolicy policy, ClientHello hello) throws IOException {
        if (policy.rejectsHandshake()) {
            throw refused(plain, Alert.UNRECOGNIZED_NAME, Kind.REJECTED, "handshakes are rejected for "
                    + hello.serverName().orElse("clients that name no server"));
        }
        if (!policy.alpn().isEmpty() && !hello.alpn().isEmpty() && policy.alpn().stream().noneMatch(hello.alpn()::contains)) {
            throw refused(plain, Alert.NO_APPLICATION_PROTOCOL, Kind.FAILED, "no application protocol of both sides");
        }
        List<CertifiedKey> keys;
        try {
            keys = policy.certificates().keysFor(hello);
        } catch (IOException e) {
            throw refused(plain, Alert.INTERNAL_ERROR, Kind.NO_CERTIFICATE, String.valueOf(e.getMessage()));
        }
        if (keys.isEmpty()) {
            throw refused(plain, Alert.HANDSHAKE_FAILURE, Kind.NO_CERTIFICATE, "there is no certificate for the client");
        }
        try {
            CertifiedKey key = KeyChoice.choose(keys, hello, policy.parameters());
            return servers.get(ServerSettings.of(policy, key)).engine(key, hello);
        } catch (GeneralSecurityException e) {
            throw refused(plain, Alert.INTERNAL_ERROR, Kind.FAILED, FailureText.of(e));
        }
    }

    private static TlsException refused(Connection plain, Alert alert, Kind kind, String why) {
        send(plain, alert);
        return new TlsException(kind, why);
    }

    @Override
    public TlsConnection connect(Connection plain, TlsClientPolicy policy, TlsTarget target, Duration timeout)
            throws IOException {
        Deadline until = Deadline.in(timeout);
        TlsBuffers buffers = TlsBuffers.here();
        Transport transport = new Transport(plain, buffers, new RecordInput(plain, buffers));
        SSLEngine engine;
        try {
            engine = clients.get(ClientSettings.of(policy))
                    .engine(target, SessionScope.of(AddressText.withPort(plain.remote()), target));
        } catch (GeneralSecurityException e) {
            throw new TlsException(Kind.FAILED, FailureText.of(e));
        }
        long startedMillis = System.currentTimeMillis();
        shakeHands(transport, engine, null, until);
        NegotiatedInfo info = NegotiatedInfo.ofPeer(engine, provider, startedMillis, target);
        EngineConnection connection =
                new EngineConnection(transport, engine, provider, info, TlsPolicy.LARGEST_RECORD);
        if (policy.trust().isPresent()) {
            info.verified(verify(info, policy.trust().get(), PeerVerifier.SERVER));
            String wrong = wrong(info, target);
            if (!wrong.isEmpty()) {
                connection.close();
                throw new TlsException(Kind.UNVERIFIED, wrong);
            }
        }
        return connection;
    }

    private static String wrong(TlsInfo info, TlsTarget target) {
        if (info.peerChain().isEmpty()) {
            return "the peer has no certificate";
        }
        if (info.verification().isFailure()) {
            return info.verification().reason();
        }
        return target.verifiedName().filter(name -> !CertifiedNames.match(info.peerChain().getFirst(), name))
                .map(name -> "the certificate is not for \"" + name + '"').orElse("");
    }

    /// @param sent gets what is sent, where the engine does not tell what was negotiated; null for a peer
    private void shakeHands(Transport transport, SSLEngine engine, @Nullable SentGroup sent, Deadline until)
            throws IOException {
        TlsBuffers buffers = transport.buffers();
        ByteBuffer out = buffers.take();
        ByteBuffer noData = buffers.take();
        boolean done = false;
        try {
            Handshake handshake =
                    new Handshake(transport.plain(), engine, transport.input(), provider.computesLong(), out, noData);
            if (sent != null) {
                handshake.watchedBy(sent);
            }
            handshake.run(until);
            transport.input().release();
            done = true;
        } finally {
            buffers.give(out);
            buffers.give(noData);
            if (!done) {
                provider.free(engine);
            }
        }
    }

    private static PeerVerification verify(TlsInfo info, PeerTrust trust, String use) {
        return BlockingExecutor.compute(() -> PeerVerifier.verify(info.peerChain(), trust, use));
    }
}
