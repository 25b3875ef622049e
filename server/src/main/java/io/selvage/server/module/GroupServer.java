package io.selvage.server.module;

import io.selvage.loadbalancer.PeerSpec;
import io.selvage.server.config.Address;
import io.selvage.server.config.Argument;
import io.selvage.server.config.Line;
import io.selvage.server.config.Printable;
import io.selvage.server.config.Values;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// A line of a group that names a peer (`server`). A host name may resolve to several peers.
///
/// @param peer its address is the name of a service with the port 0 where `service=` is set
/// @param resolve true to ask the name servers of the configuration for its name, as often as the answers say
/// @param service as configured; empty for none
record GroupServer(PeerSpec peer, boolean resolve, String service) implements Printable {
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
        String service = "";
        for (Argument argument : line.argumentsFrom(1)) {
            switch (argument.word().key()) {
                case "weight" -> weight = argument.option().number(1, 65_535);
                case "max_conns" -> maxConnections = maxConnections(argument.option());
                case "max_fails" -> maxFails = argument.option().number(0, Integer.MAX_VALUE);
                case "fail_timeout" -> failTimeout = argument.option().time();
                case "slow_start" -> slowStart = argument.option().time();
                case "backup" -> backup = true;
                case "down" -> down = true;
                case "resolve" -> resolve = true;
                case "drain" -> drain = true;
                case "route" -> route = argument.option().name();
                case "service" -> service = service(argument.option());
                default -> argument.unknown();
            }
        }
        String server = service.isEmpty() ? address(line.argument(0)) : line.argument(0).text();
        return new GroupServer(new PeerSpec(service.isEmpty() ? server : service(line, service, resolve), weight,
                new PeerSpec.Limits(maxConnections, maxFails, failTimeout, slowStart), new PeerSpec.Mode(backup, down, drain),
                        server, route), resolve, service);
    }

    private static String address(Argument written) {
        Address address = Address.read(written, 80);
        if (address instanceof Address.Inet(String host, int port) && port == 0 && !host.isEmpty()) {
            written.problem("invalid port in \"" + written.text() + "\" of \"" + written.owner() + "\"");
        }
        return address.toString();
    }

    private static String service(Argument name) {
        if (!name.text().matches("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*")) {
            name.refuse("the name of a service");
        }
        return name.text();
    }

    /// The whole name of the service, with the port 0. A name without a dot is that of a service over TCP (RFC 2782).
    private static String service(Line line, String service, boolean resolve) {
        Argument host = line.argument(0);
        if (!resolve) {
            line.problem("\"service=" + service + "\" needs \"resolve\"");
        } else if (host.text().contains(":") || host.text().matches("[0-9.]*")) {
            host.refuse("a host name without a port, because of \"service=" + service + "\"");
        }
        String prefix = service.contains(".") ? service : "_" + service + "._tcp";
        return prefix + "." + host.text() + ":0";
    }

    private static String written(PeerSpec peer) {
        return "max_conns=" + (peer.isAdaptive() ? "auto" : peer.maxConns());
    }

    private static int maxConnections(Argument argument) {
        return argument.is("auto") ? PeerSpec.Limits.AUTO : argument.number(0, Integer.MAX_VALUE);
    }

    /// The host or the service of its address.
    String name() {
        return peer.address().substring(0, Math.max(0, peer.address().lastIndexOf(':')));
    }

    @Override
    public List<String> words() {
        String server = service.isEmpty() ? peer.address() : peer.server();
        List<String> words = new ArrayList<>(List.of(server, "weight=" + peer.weight(), written(peer),
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
        if (!service.isEmpty()) {
            words.add("service=" + service);
        }
        return words;
    }
}
