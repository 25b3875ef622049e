package io.selvage.server.config;

import java.util.List;

/// How many exchanges of one key may be under way at once: `limit_conn`.
///
/// @param zone the name of a [LimitConnectionsZone]
public record LimitConnections(String zone, int most) implements Printable {
    static LimitConnections read(Line line) {
        String zone = line.argument(0).declared(DeclaredNames::connectionZones, "zone");
        return new LimitConnections(zone, line.argument(1).number(1, 65_535));
    }

    @Override
    public List<String> words() {
        return List.of(zone, Integer.toString(most));
    }
}
