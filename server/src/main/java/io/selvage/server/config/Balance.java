package io.selvage.server.config;

import java.util.List;

/// How a peer is chosen from a group.
public sealed interface Balance extends Printable {
    /// In turn, by weight.
    record RoundRobin() implements Balance {}

    /// The one with the fewest exchanges under way, by weight.
    record LeastConnections() implements Balance {}

    /// By the client's address: of IPv4 the first three bytes, of IPv6 all.
    record IpHash() implements Balance {}

    /// By a key.
    ///
    /// @param consistent ketama: few keys move when a peer comes or goes
    record Hash(Template key, boolean consistent) implements Balance {}

    /// By chance and weight.
    ///
    /// @param two draws two and takes the one with fewer exchanges under way
    record Random(boolean two) implements Balance {}

    static Balance read(Line line) {
        return switch (line.name()) {
            case "least_conn" -> new LeastConnections();
            case "ip_hash" -> new IpHash();
            case "hash" -> {
                if (line.count() > 1 && !line.argument(1).is("consistent")) {
                    line.argument(1).unknown();
                }
                yield new Hash(line.argument(0).template(), line.count() > 1);
            }
            case "random" -> random(line);
            default -> new RoundRobin();
        };
    }

    private static Random random(Line line) {
        if (line.count() > 0 && !line.argument(0).is("two")) {
            line.argument(0).unknown();
        }
        if (line.count() > 1 && line.argument(1).text().startsWith("least_time")) {
            line.argument(1).notBuilt();
        } else if (line.count() > 1 && !line.argument(1).is("least_conn")) {
            line.argument(1).unknown();
        }
        return new Random(line.count() > 0);
    }

    /// Whether peers may be set aside as `backup`.
    default boolean takesBackups() {
        return this instanceof RoundRobin || this instanceof LeastConnections;
    }

    /// The whole line, without a word for the usual way.
    @Override
    default List<String> words() {
        return switch (this) {
            case RoundRobin() -> List.of();
            case LeastConnections() -> List.of("least_conn");
            case IpHash() -> List.of("ip_hash");
            case Hash(var key, boolean consistent) ->
                consistent ? List.of("hash", key.toString(), "consistent") : List.of("hash", key.toString());
            case Random(boolean two) -> two ? List.of("random", "two") : List.of("random");
        };
    }
}
