package io.selvage.loadbalancer;

import java.time.Duration;
import java.util.Objects;

/// The configuration of one peer: nginx's `server` line inside `upstream`.
///
/// @param address the address to connect to, as the resolver gives it: `127.0.0.1:8001`, `[::1]:8001` or `unix:/run/app.sock`
/// @param weight share of the traffic, 1 or more (`weight=`)
/// @param maxConns maximum number of leases at a time; 0 is unlimited (`max_conns=`)
/// @param maxFails number of failures that take the peer out; 0 means never (`max_fails=`)
/// @param failTimeout how long failures add up, and how long the peer is then left out; not negative (`fail_timeout=`)
/// @param backup used only if no primary peer is usable (`backup`)
/// @param down never used (`down`)
/// @param server the configured name, from which consistent hashing computes its points; the addresses of one name share
///     them, and they do not change when the name resolves to other addresses
public record PeerSpec(String address, int weight, int maxConns, int maxFails, Duration failTimeout, boolean backup,
                       boolean down, String server) {
    public PeerSpec {
        Objects.requireNonNull(failTimeout, "failTimeout");
        check(!address.isBlank(), "a peer needs an address");
        check(!server.isBlank(), "peer " + address + " needs a server name");
        check(weight >= 1, "peer " + address + ": weight must be 1 or more, was " + weight);
        check(maxConns >= 0, "peer " + address + ": max_conns must be 0 or more, was " + maxConns);
        check(maxFails >= 0, "peer " + address + ": max_fails must be 0 or more, was " + maxFails);
        check(!failTimeout.isNegative(), "peer " + address + ": fail_timeout must not be negative, was " + failTimeout);
    }

    /// A peer whose configured name is its address.
    public PeerSpec(String address, int weight, int maxConns, int maxFails, Duration failTimeout, boolean backup, boolean down) {
        this(address, weight, maxConns, maxFails, failTimeout, backup, down, address);
    }

    /// A peer with the defaults of nginx: weight 1, no limit, left out for 10 s after one failure.
    public static PeerSpec of(String address) {
        return new PeerSpec(address, 1, 0, 1, Duration.ofSeconds(10), false, false);
    }

    public PeerSpec withWeight(int weight) {
        return new PeerSpec(address, weight, maxConns, maxFails, failTimeout, backup, down, server);
    }

    public PeerSpec withMaxConns(int maxConns) {
        return new PeerSpec(address, weight, maxConns, maxFails, failTimeout, backup, down, server);
    }

    public PeerSpec withMaxFails(int maxFails) {
        return new PeerSpec(address, weight, maxConns, maxFails, failTimeout, backup, down, server);
    }

    public PeerSpec withFailTimeout(Duration failTimeout) {
        return new PeerSpec(address, weight, maxConns, maxFails, failTimeout, backup, down, server);
    }

    public PeerSpec withBackup(boolean backup) {
        return new PeerSpec(address, weight, maxConns, maxFails, failTimeout, backup, down, server);
    }

    public PeerSpec withDown(boolean down) {
        return new PeerSpec(address, weight, maxConns, maxFails, failTimeout, backup, down, server);
    }

    public PeerSpec withServer(String server) {
        return new PeerSpec(address, weight, maxConns, maxFails, failTimeout, backup, down, server);
    }

    private static void check(boolean valid, String problem) {
        if (!valid) {
            throw new IllegalArgumentException(problem);
        }
    }
}
