package io.selvage.server.config;

import java.util.ArrayList;
import java.util.List;

/// How requests are held back: `limit_req`.
///
/// @param zone the name of a [LimitRequestsZone]
/// @param burst requests that may come too early before others are refused
/// @param undelayed how many of the burst are let through at once; [Integer#MAX_VALUE] for `nodelay`
public record LimitRequests(String zone, int burst, int undelayed) implements Printable {
    static LimitRequests read(Line line) {
        String zone = "";
        int burst = 0;
        int undelayed = 0;
        for (Argument argument : line.arguments()) {
            switch (argument.word().key()) {
                case "zone" -> zone = argument.option().declared(DeclaredNames::requestZones, "zone");
                case "burst" -> burst = argument.option().number(1, Integer.MAX_VALUE);
                case "delay" -> undelayed = argument.option().number(1, Integer.MAX_VALUE);
                case "nodelay" -> undelayed = Integer.MAX_VALUE;
                default -> argument.unknown();
            }
        }
        if (zone.isEmpty()) {
            line.problem("\"limit_req\" needs \"zone=\"");
        }
        return new LimitRequests(zone, burst, undelayed);
    }

    @Override
    public List<String> words() {
        var words = new ArrayList<>(List.of("zone=" + zone));
        if (burst > 0) {
            words.add("burst=" + burst);
        }
        if (undelayed > 0) {
            words.add(undelayed == Integer.MAX_VALUE ? "nodelay" : "delay=" + undelayed);
        }
        return words;
    }
}
