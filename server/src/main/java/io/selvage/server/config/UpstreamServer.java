package io.selvage.server.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// One line of a group: `server`. A host that is a name may stand for several peers.
///
/// @param maxConnections exchanges under way at once; 0 for no bound
/// @param maxFails failures within `failTimeout` after which the peer is left alone for as long; 0 not to count them
/// @param backup only asked when all others fail
/// @param down never asked
public record UpstreamServer(
        Address address, int weight, int maxConnections, int maxFails, Duration failTimeout, boolean backup, boolean down)
        implements Printable {
    private static final Duration FAIL_TIMEOUT = Duration.ofSeconds(10);

    static UpstreamServer read(Line line) {
        int weight = 1;
        int maxConnections = 0;
        int maxFails = 1;
        Duration failTimeout = FAIL_TIMEOUT;
        boolean backup = false;
        boolean down = false;
        for (Argument argument : line.argumentsFrom(1)) {
            switch (argument.word().key()) {
                case "weight" -> weight = argument.option().number(1, 65_535);
                case "max_conns" -> maxConnections = argument.option().number(0, Integer.MAX_VALUE);
                case "max_fails" -> maxFails = argument.option().number(0, Integer.MAX_VALUE);
                case "fail_timeout" -> failTimeout = argument.option().time();
                case "backup" -> backup = true;
                case "down" -> down = true;
                case "resolve", "service", "route", "slow_start", "drain" -> argument.notBuilt();
                default -> argument.unknown();
            }
        }
        Address address = Address.read(line.argument(0), 80);
        return new UpstreamServer(address, weight, maxConnections, maxFails, failTimeout, backup, down);
    }

    @Override
    public List<String> words() {
        var words = new ArrayList<>(List.of(address.toString(), "weight=" + weight, "max_conns=" + maxConnections,
                "max_fails=" + maxFails, "fail_timeout=" + Values.time(failTimeout)));
        if (backup) {
            words.add("backup");
        }
        if (down) {
            words.add("down");
        }
        return words;
    }
}
