package io.selvage.server.tls;

import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/// What an engine has agreed on. Everything that the engine knows only while it lives was asked for at the end of the handshake.
final class NegotiatedInfo implements TlsInfo {
    private final String protocol;
    private final String cipher;
    private final byte[] sessionId;
    private final boolean reused;
    private final @Nullable String alpn;
    private @Nullable String group;                        // as `verification`
    private final @Nullable ClientHello hello;             // absent toward peers
    private final Optional<String> serverName;
    private final List<X509Certificate> peerChain;
    private PeerVerification verification = PeerVerification.NONE;    // set before the object is given to anybody

    private NegotiatedInfo(SSLEngine engine, EngineProvider provider, long startedMillis, @Nullable ClientHello hello,
            Optional<String> serverName, boolean asked) {
        SSLSession session = engine.getSession();
        this.protocol = session.getProtocol();
        this.cipher = session.getCipherSuite();
        this.sessionId = session.getId();
        this.reused = provider.isReused(engine, startedMillis);
        String selected = engine.getApplicationProtocol();
        this.alpn = selected == null || selected.isEmpty() ? null : selected;
        this.group = provider.group(engine).orElse(null);
        this.hello = hello;
        this.serverName = serverName;
        this.peerChain = asked ? chain(session) : List.of();
    }

    /// Of a client's connection.
    ///
    /// @param startedMillis when the handshake began
    /// @param asked whether the client was asked for a certificate
    static NegotiatedInfo ofClient(SSLEngine engine, EngineProvider provider, long startedMillis, ClientHello hello,
            boolean asked) {
        return new NegotiatedInfo(engine, provider, startedMillis, hello, hello.serverName(), asked);
    }

    /// Of a connection to a peer.
    static NegotiatedInfo ofPeer(SSLEngine engine, EngineProvider provider, long startedMillis, TlsTarget target) {
        return new NegotiatedInfo(engine, provider, startedMillis, null, target.serverName(), true);
    }

    /// Adds the group that an engine did not tell.
    void group(SentGroup sent) {
        group = sent.name().orElse(group);
    }

    NegotiatedInfo verified(PeerVerification result) {
        verification = result;
        return this;
    }

    private static List<X509Certificate> chain(SSLSession session) {
        try {
            List<X509Certificate> chain = new ArrayList<>();
            for (Certificate certificate : session.getPeerCertificates()) {
                chain.add((X509Certificate) certificate);
            }
            return List.copyOf(chain);
        } catch (SSLPeerUnverifiedException e) {
            return List.of();
        }
    }

    @Override
    public String protocol() {
        return protocol;
    }

    @Override
    public String cipher() {
        return CipherSuite.named(cipher).map(CipherSuite::opensslName).orElse(cipher);
    }

    @Override
    public List<String> clientCiphers() {
        return hello == null ? List.of() : Arrays.stream(hello.ciphers()).mapToObj(CipherSuite::nameOf).toList();
    }

    @Override
    public List<String> clientGroups() {
        return hello == null ? List.of() : Arrays.stream(hello.groups()).mapToObj(NamedGroup::nameOf).toList();
    }

    @Override
    public Optional<String> group() {
        return Optional.ofNullable(group);
    }

    @Override
    public String sessionId() {
        return HexFormat.of().formatHex(sessionId);
    }

    @Override
    public boolean isReused() {
        return reused;
    }

    @Override
    public Optional<String> serverName() {
        return serverName;
    }

    @Override
    public Optional<String> alpn() {
        return Optional.ofNullable(alpn);
    }

    @Override
    public List<String> clientAlpn() {
        return hello == null ? List.of() : hello.alpn();
    }

    @Override
    public List<X509Certificate> peerChain() {
        return peerChain;
    }

    @Override
    public PeerVerification verification() {
        return verification;
    }

    @Override
    public String toString() {
        return protocol + ' ' + cipher();
    }
}
