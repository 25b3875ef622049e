package io.selvage.server.module;

import io.selvage.loadbalancer.PeerSpec;
import io.selvage.server.config.Address;
import io.selvage.server.config.Argument;
import io.selvage.server.config.Line;
import io.selvage.server.config.Values;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// A line of a group that names a peer (`server`). A host name may resolve to several peers.
///
/// @param resolve true to ask the name servers of the configuration for its host, as long as the answers say
record GroupServer(PeerSpec peer, boolean resolve) {
    private static final Duration FAIL_TIMEOUT = Duration.ofSeconds(10);

    static GroupServer read(Line line) {
        int weight = 1;
        int maxConnections = 0;
        int maxFails = 1;
        Duration failTimeout = FAIL_TIMEOUT;
        Duration slowStart = Duration.ZERO;
        boolean backup = false;
        boolean down = false;
        boolean drain = false;
        String route = "";
        boolean resolve = false;
        for (Argument argument : line.argumentsFrom(1)) {
            switch (argument.word().key()) {
                case "weight" -> weight = argument.option().number(1, 65_535);
                case "max_conns" -> maxConnections = argument.option().number(0, Integer.MAX_VALUE);
                case "max_fails" -> maxFails = argument.option().number(0, Integer.MAX_VALUE);
                case "fail_timeout" -> failTimeout = argument.option().time();
                case "slow_start" -> slowStart = argument.option().time();
                case "backup" -> backup = true;
                case "down" -> down = true;
                case "resolve" -> resolve = true;
                case "drain" -> drain = true;
                case "route" -> route = argument.option().name();
                case "service" -> argument.notBuilt();
                default -> argument.unknown();
            }
        }
        String address = Address.read(line.argument(0), 80).toString();
        return new GroupServer(new PeerSpec(address, weight,
                new PeerSpec.Limits(maxConnections, maxFails, failTimeout, slowStart), new PeerSpec.Mode(backup, down, drain),
                        address, route), resolve);
    }

    /// The host of its address.
    String host() {
        return peer.address().substring(0, Math.max(0, peer.address().lastIndexOf(':')));
    }

    List<String> words() {
        List<String> words = new ArrayList<>(List.of(peer.address(), "weight=" + peer.weight(), "max_conns=" + peer.maxConns(),
                "max_fails=" + peer.maxFails(), "fail_timeout=" + Values.time(peer.failTimeout())));
        if (!peer.slowStart().isZero()) {
            words.add("slow_start=" + Values.time(peer.slowStart()));
        }
        if (peer.backup()) {
            words.add("backup");
        }
        if (peer.down()) {
            words.add("down");
        }
        if (peer.mode().drain()) {
            words.add("drain");
        }
        if (!peer.route().isEmpty()) {
            words.add("route=" + peer.route());
        }
        if (resolve) {
            words.add("resolve");
        }
        return words;
    }
}
