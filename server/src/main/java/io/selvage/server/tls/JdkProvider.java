package io.selvage.server.tls;

import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.TrustManager;

/// The JDK's own implementation. It works everywhere; a handshake takes one to two milliseconds of a processor.
final class JdkProvider implements EngineProvider {
    private static final int NO_PORT = 1;
    private static final int MOST_CLIENT_SESSIONS = 1000;

    private final Set<String> ciphers = new LinkedHashSet<>();
    private final Set<String> groups = new LinkedHashSet<>();
    private final List<String> tls13Ciphers = new ArrayList<>();
    private final AtomicLong serial = new AtomicLong();    // of connections without sessions

    JdkProvider() throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, null, null);
        for (String name : context.getSupportedSSLParameters().getCipherSuites()) {
            CipherSuite.named(name).ifPresent(suite -> {
                ciphers.add(suite.opensslName());
                if (suite.isOfTls13()) {
                    tls13Ciphers.add(name);
                }
            });
        }
        for (NamedGroup group : NamedGroup.values()) {
            if (isKnown(context, group)) {
                groups.add(group.opensslName());
            }
        }
    }

    private static boolean isKnown(SSLContext context, NamedGroup group) {
        String[] known = context.getSupportedSSLParameters().getNamedGroups();
        return known != null && Arrays.asList(known).contains(group.standardName());
    }

    @Override
    public String name() {
        return "jdk";
    }

    @Override
    public String version() {
        return "JDK " + Runtime.version();
    }

    @Override
    public Set<TlsCapability> capabilities() {
        return EnumSet.of(TlsCapability.CHOOSES_TLS13_CIPHERS, TlsCapability.CLIENT_PREFERENCE, TlsCapability.FINITE_FIELD_DH,
                TlsCapability.X448);
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
        return true;
    }

    @Override
    public boolean failsLater() {
        return false;
    }

    @Override
    public Optional<String> whyUnusable(CertifiedKey key) {
        return Optional.empty();
    }

    @Override
    public ServerContext server(ServerSettings settings) throws GeneralSecurityException {
        AliasKeyManager keys = new AliasKeyManager(true);
        SSLContext context = context(keys, new LaterVerification(settings.clientCertificates().names()));
        TlsSessions sessions = settings.sessions();
        limit(context.getServerSessionContext(), sessions.tickets() ? 0 : Math.max(1, sessions.cacheSize()), sessions);
        boolean resumes = sessions.tickets() || sessions.cacheSize() > 0;
        SSLParameters parameters = parameters(settings.parameters(), settings.alpn());
        parameters.setWantClientAuth(settings.clientCertificates().asked());
        parameters.setUseCipherSuitesOrder(settings.parameters().serverPreference());
        return (key, _) -> {
            // A context of its own has no sessions that could be resumed.
            SSLContext used = resumes ? context : unshared(keys, settings);
            SSLEngine engine = used.createSSLEngine(keys.aliasOf(key), NO_PORT);
            engine.setUseClientMode(false);
            engine.setSSLParameters(parameters);
            return engine;
        };
    }

    private static SSLContext unshared(KeyManager keys, ServerSettings settings) {
        try {
            return context(keys, new LaterVerification(settings.clientCertificates().names()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public ClientContext client(ClientSettings settings) throws GeneralSecurityException {
        AliasKeyManager keys = new AliasKeyManager(true);
        SSLContext context = context(keys, new LaterVerification(List.of()));
        context.getClientSessionContext().setSessionCacheSize(MOST_CLIENT_SESSIONS);
        return (target, sessions) -> {
            String alias = target.certificate().map(keys::aliasOf).orElse("");
            String kept = settings.reusesSessions() ? sessions : "unshared" + serial.incrementAndGet();
            SSLEngine engine = context.createSSLEngine(alias + ' ' + kept, NO_PORT);
            engine.setUseClientMode(true);
            SSLParameters parameters = parameters(settings.parameters(), settings.alpn());
            parameters.setServerNames(target.serverName().map(name -> List.of(ServerNames.of(name))).orElse(List.of()));
            engine.setSSLParameters(parameters);
            return engine;
        };
    }

    private static SSLContext context(KeyManager keys, TrustManager trust) throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(new KeyManager[] {keys}, new TrustManager[] {trust}, null);
        return context;
    }

    private static void limit(SSLSessionContext context, int size, TlsSessions sessions) {
        context.setSessionCacheSize(size);
        context.setSessionTimeout((int) Math.min(sessions.timeout().toSeconds(), Integer.MAX_VALUE));
    }

    private SSLParameters parameters(TlsParameters offered, List<String> alpn) throws IllegalArgumentException {
        SSLParameters parameters = new SSLParameters();
        parameters.setProtocols(offered.versions().stream().map(TlsVersion::text).toArray(String[]::new));
        if (!offered.ciphers().isEmpty()) {
            parameters.setCipherSuites(EngineNames.ciphers(offered, ciphers, tls13Ciphers).toArray(String[]::new));
        }
        if (!offered.groups().isEmpty()) {
            parameters.setNamedGroups(EngineNames.groups(offered, groups).toArray(String[]::new));
        }
        parameters.setApplicationProtocols(alpn.toArray(String[]::new));
        return parameters;
    }

    @Override
    public boolean isReused(SSLEngine engine, long startedMillis) {
        return engine.getSession().getCreationTime() < startedMillis;
    }

    @Override
    public boolean tellsGroup() {
        return false;
    }

    @Override
    public Optional<String> group(SSLEngine engine) {
        return Optional.empty();
    }

    @Override
    public void free(SSLEngine engine) {
        // It holds nothing but memory of the heap.
    }
}
