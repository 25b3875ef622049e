package io.selvage.server.proxy;

import io.selvage.server.net.Connection;
import io.selvage.server.tls.CertifiedKey;
import io.selvage.server.tls.PolicyChooser;
import io.selvage.server.tls.TlsCapability;
import io.selvage.server.tls.TlsClientPolicy;
import io.selvage.server.tls.TlsConnection;
import io.selvage.server.tls.TlsEngine;
import io.selvage.server.tls.TlsPolicy;
import io.selvage.server.tls.TlsTarget;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/// An engine without TLS: its connections are the plain ones, and its handshakes do what a test says.
final class FakeTls implements TlsEngine {
    private final List<TlsTarget> targets = new CopyOnWriteArrayList<>();
    private final List<Duration> timeouts = new CopyOnWriteArrayList<>();
    private final Map<String, IOException> failures = new ConcurrentHashMap<>();
    private boolean truncated;

    /// Handshakes with a peer fail.
    FakeTls failing(Origin peer, IOException why) {
        failures.put(peer.address(), why);
        return this;
    }

    /// The input of its connections ends without `close_notify`.
    FakeTls truncated() {
        truncated = true;
        return this;
    }

    /// What was asked of handshakes, in their order.
    List<TlsTarget> targets() {
        return targets;
    }

    List<Duration> timeouts() {
        return timeouts;
    }

    @Override
    public TlsConnection connect(Connection plain, TlsClientPolicy policy, TlsTarget target, Duration timeout)
            throws IOException {
        targets.add(target);
        timeouts.add(timeout);
        IOException failure = failures.get(plain.remote().toString().replaceFirst(".*/", ""));
        if (failure != null) {
            throw failure;
        }
        return new PlainTls(plain, truncated);
    }

    @Override
    public String name() {
        return "fake";
    }

    @Override
    public String version() {
        return "fake";
    }

    @Override
    public Set<TlsCapability> capabilities() {
        return Set.of();
    }

    @Override
    public Set<String> ciphers() {
        return Set.of();
    }

    @Override
    public Set<String> groups() {
        return Set.of();
    }

    @Override
    public void prepare(TlsPolicy policy) {
    }

    @Override
    public void prepare(TlsClientPolicy policy) {
    }

    @Override
    public void check(CertifiedKey key) {
    }

    @Override
    public TlsConnection accept(Connection plain, PolicyChooser chooser, Duration timeout) {
        throw new UnsupportedOperationException("toward peers only");
    }
}
