package io.selvage.server.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.IdentityCipherSuiteFilter;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslCachingX509KeyManagerFactory;
import io.netty.handler.ssl.OpenSslCertificateCompressionAlgorithm;
import io.netty.handler.ssl.OpenSslCertificateCompressionConfig;
import io.netty.handler.ssl.OpenSslCertificateCompressionConfig.AlgorithmMode;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.OpenSslServerSessionContext;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.OpenSslSessionTicketKey;
import io.netty.handler.ssl.ReferenceCountedOpenSslContext;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.internal.tcnative.SSL;
import io.netty.internal.tcnative.SSLContext;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/// BoringSSL through the engine of Netty, without its channels. Callbacks run within the calls of the engine and never wait; all
/// of a handshake takes a quarter of a millisecond of a processor.
///
/// Memory outside the heap belongs to engines, which are freed with their connections, and to contexts, which are freed when
/// they are unreachable and no engine is left. No other class uses Netty for TLS, except [BoringSslLibrary], which loads the
/// native library, [BoringSslCredential] and [BoringSslHandles].
final class BoringSslProvider implements EngineProvider {
    private static final ByteBufAllocator HEAP_COPIES = new UnpooledByteBufAllocator(true, true);
    /// Netty's own algorithms compress the certificate again for every handshake, and decompress those of clients.
    private static final OpenSslCertificateCompressionConfig NO_COMPRESSION =
            OpenSslCertificateCompressionConfig.newBuilder().build();
    private static final int MOST_KEYS = 16_384;
    private static final int MOST_CLIENT_SESSIONS = 1000;
    private static final int NO_PORT = 1;
    private static final List<String> TLS13_CIPHERS =
            List.of("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256");
    /// Mozilla's intermediate list, without what BoringSSL does not have.
    private static final List<String> USUAL_CIPHERS = List.of("ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-RSA-AES128-GCM-SHA256",
            "ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-RSA-AES256-GCM-SHA384", "ECDHE-ECDSA-CHACHA20-POLY1305",
            "ECDHE-RSA-CHACHA20-POLY1305");
    private static final List<NamedGroup> GROUPS = List.of(NamedGroup.X25519, NamedGroup.SECP256R1, NamedGroup.SECP384R1,
            NamedGroup.SECP521R1, NamedGroup.X25519_MLKEM768);

    private final LongSupplier nanos;
    private final Set<String> ciphers = new LinkedHashSet<>();
    private final Set<String> groups = new LinkedHashSet<>();

    /// To be called behind [BoringSslLibrary#load].
    BoringSslProvider() {
        this(System::nanoTime);
    }

    /// @param nanos the clock, as [System#nanoTime]
    BoringSslProvider(LongSupplier nanos) {
        this.nanos = nanos;
        for (String name : OpenSsl.availableJavaCipherSuites()) {
            CipherSuite.named(name).ifPresent(suite -> ciphers.add(suite.opensslName()));
        }
        GROUPS.forEach(group -> groups.add(group.opensslName()));
    }

    @Override
    public String name() {
        return "boringssl";
    }

    @Override
    public String version() {
        return OpenSsl.versionString();
    }

    @Override
    public Set<TlsCapability> capabilities() {
        return EnumSet.of(TlsCapability.CLIENT_PREFERENCE, TlsCapability.ML_KEM, TlsCapability.TICKET_KEYS,
                TlsCapability.STAPLING, TlsCapability.CERTIFICATE_COMPRESSION, TlsCapability.KEY_LOG, TlsCapability.OLD_VERSIONS);
    }

    @Override
    public Set<String> ciphers() {
        return Set.copyOf(ciphers);
    }

    @Override
    public Set<String> groups() {
        return Set.copyOf(groups);
    }

    @Override
    public boolean computesLong() {
        return false;
    }

    @Override
    public boolean failsLater() {
        return true;
    }

    @Override
    public Optional<String> whyUnusable(CertifiedKey key) {
        return switch (key.key().getAlgorithm()) {
            case "RSA", "EC" -> whyRefused(key);
            default -> Optional.of("BoringSSL has no keys of the kind " + key.key().getAlgorithm());
        };
    }

    private static Optional<String> whyRefused(CertifiedKey key) {
        try {
            BoringSslCredential.of(key);
            return Optional.empty();
        } catch (GeneralSecurityException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public ServerContext server(ServerSettings settings) throws GeneralSecurityException {
        SslContextBuilder builder = SslContextBuilder.forServer(new AliasKeyManager(false))
                .trustManager(new LaterVerification(settings.clientCertificates().names()))
                .clientAuth(settings.clientCertificates().asked() ? ClientAuth.OPTIONAL : ClientAuth.NONE)
                .sessionTimeout(settings.sessions().timeout().toSeconds());
        builder.option(OpenSslContextOption.CERTIFICATE_COMPRESSION_ALGORITHMS,
                settings.parameters().compresses() ? compression() : NO_COMPRESSION);
        Context context = new Context(build(builder, settings.parameters(), settings.alpn()));
        resume((OpenSslServerSessionContext) context.netty.sessionContext(), settings);
        SSLContext.setCertificateCallback(BoringSslHandles.of(context.netty), null);   // each engine has its credential
        settings.keyLog().ifPresent(log -> log(context, log));
        Tickets tickets = settings.sessions().tickets() && settings.sessions().ticketKeys().isEmpty()
                ? new Tickets(context, new TicketKeyRing(settings.sessions().timeout(), nanos.getAsLong()), nanos)
                : null;
        return new Server(context, settings.parameters(), tickets);
    }

    /// The log is called within the steps of a handshake.
    private static void log(Context context, KeyLog log) {
        SSLContext.setKeyLogCallback(BoringSslHandles.of(context.netty),
                (_, line) -> log.line(new String(line, ISO_8859_1)));
    }

    private static OpenSslCertificateCompressionConfig compression() {
        OpenSslCertificateCompressionConfig.Builder config = OpenSslCertificateCompressionConfig.newBuilder();
        CompressedCertificates.all().forEach(each -> config.addAlgorithm(new Compression(each), AlgorithmMode.Compress));
        return config.build();
    }

    /// What Netty calls.
    private record Compression(CompressedCertificates certificates) implements OpenSslCertificateCompressionAlgorithm {
        @Override
        public byte[] compress(SSLEngine engine, byte[] message) throws IOException {
            return certificates.of(message);
        }

        @Override
        public byte[] decompress(SSLEngine engine, int length, byte[] compressed) {
            throw new UnsupportedOperationException("certificates of clients are not compressed");
        }

        @Override
        public int algorithmId() {
            return certificates.format().number();
        }
    }

    private static void resume(OpenSslServerSessionContext context, ServerSettings settings) {
        TlsSessions sessions = settings.sessions();
        // Where tickets of several contexts have the same keys, this tells them apart.
        context.setSessionIdContext(SessionScope.of(settings));
        context.setSessionCacheEnabled(sessions.cacheSize() > 0);
        if (sessions.cacheSize() > 0) {
            context.setSessionCacheSize(sessions.cacheSize());
        }
        if (sessions.tickets()) {
            encryptTickets(context, sessions.ticketKeys());
        }
    }

    /// @param keys none for those that the library makes
    private static void encryptTickets(OpenSslSessionContext context, List<TicketKey> keys) {
        context.setTicketKeys(keys.stream().map(BoringSslProvider::ticketKey).toArray(OpenSslSessionTicketKey[]::new));
    }

    /// Keys for tickets that change in time.
    private record Tickets(Context context, TicketKeyRing ring, LongSupplier nanos) {
        void renew() {
            ring.changed(nanos.getAsLong()).ifPresent(keys -> encryptTickets(context.netty.sessionContext(), keys));
        }
    }

    private static OpenSslSessionTicketKey ticketKey(TicketKey key) {
        byte[] bytes = key.bytes();
        byte[] aes = Arrays.copyOfRange(bytes, 16, 32);
        byte[] hmac = Arrays.copyOfRange(bytes, 32, TicketKey.SHORT);
        return new OpenSslSessionTicketKey(Arrays.copyOfRange(bytes, 0, 16), hmac, aes);
    }

    @Override
    public ClientContext client(ClientSettings settings) throws GeneralSecurityException {
        AliasKeyManager keys = new AliasKeyManager(false);
        SslContextBuilder builder = SslContextBuilder.forClient()
                .keyManager(cached(keys))
                .trustManager(new LaterVerification(List.of()))
                .endpointIdentificationAlgorithm(null)
                .option(OpenSslContextOption.CERTIFICATE_COMPRESSION_ALGORITHMS, NO_COMPRESSION)
                .sessionCacheSize(MOST_CLIENT_SESSIONS);
        Context context = new Context(build(builder, settings.parameters(), settings.alpn()));
        OpenSslSessionContext sessions = context.netty.sessionContext();
        sessions.setSessionCacheEnabled(settings.reusesSessions());
        sessions.setTicketKeys();
        settings.keyLog().ifPresent(log -> log(context, log));
        return new Client(context, keys, settings.reusesSessions());
    }

    private ReferenceCountedOpenSslContext build(SslContextBuilder builder, TlsParameters offered, List<String> alpn)
            throws GeneralSecurityException {
        builder.sslProvider(SslProvider.OPENSSL_REFCNT)
                .option(OpenSslContextOption.USE_TASKS, false)
                .protocols(offered.versions().stream().map(TlsVersion::text).toList())
                .ciphers(EngineNames.ciphers(offered.ciphers().isEmpty() ? new TlsParameters(offered.versions(), USUAL_CIPHERS,
                        false, List.of()) : offered, ciphers, TLS13_CIPHERS), IdentityCipherSuiteFilter.INSTANCE);
        if (!offered.groups().isEmpty()) {
            builder.option(OpenSslContextOption.GROUPS, EngineNames.groups(offered, groups).toArray(String[]::new));
        }
        if (!alpn.isEmpty()) {
            builder.applicationProtocolConfig(new ApplicationProtocolConfig(Protocol.ALPN, SelectorFailureBehavior.NO_ADVERTISE,
                    SelectedListenerFailureBehavior.ACCEPT, alpn));
        }
        try {
            return (ReferenceCountedOpenSslContext) builder.build();
        } catch (SSLException e) {
            throw new GeneralSecurityException(FailureText.of(e), e);
        }
    }

    /// Keys in the form of BoringSSL are kept for as long as a context lives, because they are costly to make.
    private static KeyManagerFactory cached(AliasKeyManager keys) throws GeneralSecurityException {
        return new OpenSslCachingX509KeyManagerFactory(new SingleKeyManagerFactory(keys), MOST_KEYS);
    }

    /// A context of Netty that is released when this object is unreachable. Engines hold it too.
    private static final class Context {
        private final ReferenceCountedOpenSslContext netty;

        Context(ReferenceCountedOpenSslContext netty) {
            this.netty = netty;
            BoringSslHandles.freeBehind(this, netty::release);
        }

        ReferenceCountedOpenSslEngine engine(String peer, int port) {
            return (ReferenceCountedOpenSslEngine) netty.newEngine(HEAP_COPIES, peer, port);
        }
    }

    private record Server(Context context, TlsParameters parameters, @Nullable Tickets tickets) implements ServerContext {

        @Override
        public SSLEngine engine(CertifiedKey key, ClientHello hello) throws GeneralSecurityException {
            if (tickets != null) {
                tickets.renew();
            }
            BoringSslCredential credential = BoringSslCredential.of(key);
            ReferenceCountedOpenSslEngine engine = context.engine("", NO_PORT);
            try {
                credential.giveTo(engine);
            } catch (GeneralSecurityException e) {
                ReferenceCountUtil.safeRelease(engine);
                throw e;
            }
            if (!parameters.serverPreference() && !isTls13(hello)) {
                SSLParameters settings = engine.getSSLParameters();
                settings.setUseCipherSuitesOrder(false);
                engine.setSSLParameters(settings);
            }
            return engine;
        }

        private boolean isTls13(ClientHello hello) {
            return hello.offers(TlsVersion.TLS_1_3) && parameters.versions().contains(TlsVersion.TLS_1_3);
        }
    }

    /// Netty sends only host names by RFC 1123, which not every name of a server is, such as `app_1`.
    private static void send(String serverName, ReferenceCountedOpenSslEngine engine) {
        synchronized (engine) {
            SSL.setTlsExtHostName(engine.sslPointer(), serverName);
        }
    }

    private record Client(Context context, AliasKeyManager keys, boolean reusesSessions) implements ClientContext {

        @Override
        public SSLEngine engine(TlsTarget target, String sessions) {
            String alias = target.certificate().map(keys::aliasOf).orElse("");
            ReferenceCountedOpenSslEngine engine = context.engine(alias + ' ' + sessions, NO_PORT);
            target.serverName().ifPresent(name -> send(name, engine));
            return engine;
        }
    }

    /// The engine is locked while BoringSSL is asked about it, so it is not freed during that time.
    @Override
    public boolean isReused(SSLEngine engine, long startedMillis) {
        synchronized (engine) {
            long ssl = ((ReferenceCountedOpenSslEngine) engine).sslPointer();
            return ssl != 0 && SSL.isSessionReused(ssl);
        }
    }

    @Override
    public boolean tellsGroup() {
        return true;
    }

    @Override
    public Optional<String> group(SSLEngine engine) {
        synchronized (engine) {
            long ssl = ((ReferenceCountedOpenSslEngine) engine).sslPointer();
            try {
                return ssl == 0 ? Optional.empty() : Optional.ofNullable(SSL.getGroupName(ssl))
                        .map(name -> NamedGroup.named(name).map(NamedGroup::opensslName).orElse(name));
            } catch (Exception e) {
                return Optional.empty();
            }
        }
    }

    @Override
    public void free(SSLEngine engine) {
        ReferenceCountUtil.safeRelease(engine);
    }
}
