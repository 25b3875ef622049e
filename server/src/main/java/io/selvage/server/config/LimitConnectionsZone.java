package io.selvage.server.config;

import java.util.List;

/// Where connections are counted: `limit_conn_zone`.
///
/// @param key connections with the same value are counted together; with an empty one they are not counted
/// @param size bytes of nginx's memory; in the end a bound on the number of keys
public record LimitConnectionsZone(Template key, String name, long size) implements Printable {
    static LimitConnectionsZone read(Line line) {
        Argument second = line.argument(1);
        var zone = new ZoneSize("", 0);
        if (second.word().key().equals("zone")) {
            zone = ZoneSize.read(second.option());
        } else {
            second.unknown();
        }
        return new LimitConnectionsZone(line.argument(0).template(), zone.name(), zone.size());
    }

    @Override
    public List<String> words() {
        return List.of(key.toString(), "zone=" + name + ":" + Values.size(size));
    }
}
