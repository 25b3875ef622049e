package io.selvage.loadbalancer;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Objects;

/// The configuration of one peer: nginx's `server` line inside `upstream`.
///
/// @param address the address to connect to, as the resolver gives it: `127.0.0.1:8001`, `[::1]:8001` or `unix:/run/app.sock`
/// @param weight share of the traffic, 1 or more (`weight=`)
/// @param limits when it is left out
/// @param mode for which requests it is used
/// @param server the configured name, from which consistent hashing computes its points; the addresses of one name share
///     them, and they do not change when the name resolves to other addresses
/// @param route the id by which requests are bound to it; empty for the hash of its address (`route=`)
public record PeerSpec(String address, int weight, Limits limits, Mode mode, String server, String route) {
    /// When a peer is left out, or gets less.
    ///
    /// @param maxConns maximum number of leases at a time; 0 is unlimited, [#AUTO] is found from response times (`max_conns=`)
    /// @param maxFails number of failures that take the peer out; 0 means never (`max_fails=`)
    /// @param failTimeout how long failures add up, and how long the peer is then left out; not negative (`fail_timeout=`)
    /// @param slowStart how long its weight grows from nothing after it was left out; zero for not at all (`slow_start=`)
    public record Limits(int maxConns, int maxFails, Duration failTimeout, Duration slowStart) {
        /// The limit follows the response times (`max_conns=auto`).
        public static final int AUTO = Integer.MIN_VALUE;

        public Limits {
            Objects.requireNonNull(failTimeout, "failTimeout");
            check(!slowStart.isNegative(), "slow_start must not be negative, was " + slowStart);
            check(maxConns >= 0 || maxConns == AUTO, "max_conns must be 0 or more, was " + maxConns);
            check(maxFails >= 0, "max_fails must be 0 or more, was " + maxFails);
            check(!failTimeout.isNegative(), "fail_timeout must not be negative, was " + failTimeout);
        }

        /// Limits without a slow start.
        public Limits(int maxConns, int maxFails, Duration failTimeout) {
            this(maxConns, maxFails, failTimeout, Duration.ZERO);
        }
    }

    /// For which requests a peer is used.
    ///
    /// @param backup used only if no primary peer is usable (`backup`)
    /// @param down never used (`down`)
    /// @param drain used only for requests that are bound to it (`drain`)
    public record Mode(boolean backup, boolean down, boolean drain) {
        /// Used for all requests.
        public static final Mode PRIMARY = new Mode(false, false, false);
    }

    public PeerSpec {
        check(!address.isBlank(), "a peer needs an address");
        check(!server.isBlank(), "peer " + address + " needs a server name");
        check(weight >= 1, "peer " + address + ": weight must be 1 or more, was " + weight);
    }

    /// A peer with the defaults of nginx: weight 1, no limit, left out for 10 s after one failure.
    public static PeerSpec of(String address) {
        return new PeerSpec(address, 1, new Limits(0, 1, Duration.ofSeconds(10)), Mode.PRIMARY, address, "");
    }

    /// True if the limit of leases is found from the response times.
    public boolean isAdaptive() {
        return limits.maxConns == Limits.AUTO;
    }

    public int maxConns() {
        return limits.maxConns;
    }

    public int maxFails() {
        return limits.maxFails;
    }

    public Duration failTimeout() {
        return limits.failTimeout;
    }

    public Duration slowStart() {
        return limits.slowStart;
    }

    public boolean backup() {
        return mode.backup;
    }

    public boolean down() {
        return mode.down;
    }

    /// By what requests are bound to it: its route, or the MD5 hash of its address in hexadecimal.
    public String id() {
        return route.isEmpty() ? hash(address) : route;
    }

    private static String hash(String address) {
        try {
            byte[] digest = MessageDigest.getInstance("MD5").digest(address.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has MD5", e);
        }
    }

    public PeerSpec withAddress(String address) {
        return new PeerSpec(address, weight, limits, mode, server, route);
    }

    public PeerSpec withWeight(int weight) {
        return new PeerSpec(address, weight, limits, mode, server, route);
    }

    public PeerSpec withMaxConns(int maxConns) {
        return withLimits(new Limits(maxConns, limits.maxFails, limits.failTimeout, limits.slowStart));
    }

    public PeerSpec withMaxFails(int maxFails) {
        return withLimits(new Limits(limits.maxConns, maxFails, limits.failTimeout, limits.slowStart));
    }

    public PeerSpec withFailTimeout(Duration failTimeout) {
        return withLimits(new Limits(limits.maxConns, limits.maxFails, failTimeout, limits.slowStart));
    }

    public PeerSpec withSlowStart(Duration slowStart) {
        return withLimits(new Limits(limits.maxConns, limits.maxFails, limits.failTimeout, slowStart));
    }

    private PeerSpec withLimits(Limits limits) {
        return new PeerSpec(address, weight, limits, mode, server, route);
    }

    public PeerSpec withBackup(boolean backup) {
        return withMode(new Mode(backup, mode.down, mode.drain));
    }

    public PeerSpec withDown(boolean down) {
        return withMode(new Mode(mode.backup, down, mode.drain));
    }

    public PeerSpec withDrain(boolean drain) {
        return withMode(new Mode(mode.backup, mode.down, drain));
    }

    private PeerSpec withMode(Mode mode) {
        return new PeerSpec(address, weight, limits, mode, server, route);
    }

    public PeerSpec withServer(String server) {
        return new PeerSpec(address, weight, limits, mode, server, route);
    }

    public PeerSpec withRoute(String route) {
        return new PeerSpec(address, weight, limits, mode, server, route);
    }

    private static void check(boolean valid, String problem) {
        if (!valid) {
            throw new IllegalArgumentException(problem);
        }
    }
}
