package io.selvage.server.module;

import io.selvage.server.config.Argument;
import io.selvage.server.config.Line;
import io.selvage.server.config.Printable;
import io.selvage.server.config.Values;
import io.selvage.server.http.Target;
import io.selvage.server.http.Targets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// `health_check`
///
/// @param uri the target of the requests
/// @param match the name of a `match`; empty for a response with a status from 200 to 399
/// @param port connected to instead of the peer's own; 0 for that one
/// @param type what is spoken with the peers; empty for the protocol of the location
/// @param grpc what is asked with `type=grpc`
/// @param counts when a peer changes
/// @param times when a peer is probed, and how long that may take
record HealthCheckLine(String uri, String match, int port, Optional<Type> type, Grpc grpc, Counts counts,
        Times times) implements Printable {
    private static final Set<String> NAMES = Set.of("interval", "jitter", "fails", "passes", "uri", "match", "port", "type",
            "keepalive_time", "timeout", "mandatory", "persistent", "grpc_service", "grpc_status");
    private static final int MOST = 1000;
    /// The codes of gRPC are 0 (OK) to 16 (UNAUTHENTICATED).
    private static final int MOST_STATUS = 16;
    private static final int MOST_NAME = 1000;
    /// Of probes whose interval is shorter, unless they say otherwise.
    private static final Duration LEAST_TIMEOUT = Duration.ofSeconds(1);

    /// What is spoken with the peers.
    enum Type {
        /// Nothing: that a connection is made is enough.
        TCP,
        HTTP, UWSGI,
        /// The service `grpc.health.v1.Health`.
        GRPC
    }

    /// A call of the health checking protocol of gRPC.
    ///
    /// @param service whose health is asked for; empty for that of the whole peer
    /// @param status of the call that is healthy besides 0, for peers that do not have the protocol; 0 for none
    record Grpc(String service, int status) {
    }

    /// @param fails consecutive failures that make a peer unhealthy
    /// @param passes consecutive successes that make it healthy
    record Counts(int fails, int passes, boolean mandatory, boolean persistent) {
    }

    /// @param timeout for a whole probe
    /// @param keepAlive how long a connection is used for probes; zero for one probe
    record Times(Duration interval, Duration jitter, Duration timeout, Duration keepAlive) {
    }

    static HealthCheckLine read(Line line) {
        for (Argument argument : line.arguments()) {
            String key = argument.word().key();
            boolean flag = key.equals("mandatory") || key.equals("persistent");
            if (!NAMES.contains(key) || flag == argument.text().contains("=")) {
                argument.unknown();
            }
        }
        Optional<Type> type = option(line, "type").map(value -> value.choice(Type.class));
        checkMeaning(line, type);
        Duration interval = option(line, "interval").map(HealthCheckLine::positive).orElse(Duration.ofSeconds(5));
        return new HealthCheckLine(option(line, "uri").map(HealthCheckLine::uri).orElse("/"),
                option(line, "match").map(HealthCheckLine::match).orElse(""),
                option(line, "port").map(port -> port.number(1, 65_535)).orElse(0), type, grpc(line), counts(line),
                new Times(interval, option(line, "jitter").map(Argument::time).orElse(Duration.ZERO),
                        option(line, "timeout").map(HealthCheckLine::positive)
                                .orElse(interval.compareTo(LEAST_TIMEOUT) < 0 ? LEAST_TIMEOUT : interval),
                        option(line, "keepalive_time").map(HealthCheckLine::positive).orElse(Duration.ZERO)));
    }

    /// Parameters that another type needs, or that this one has no use for.
    private static void checkMeaning(Line line, Optional<Type> type) {
        List<String> meaningless = type.equals(Optional.of(Type.TCP)) ? List.of("uri", "match", "keepalive_time")
                : type.equals(Optional.of(Type.GRPC)) ? List.of("uri", "match") : List.of();
        meaningless.forEach(name -> option(line, name).ifPresent(argument -> argument.problem("\"" + name
                + "\" of \"health_check\" means nothing with \"type=" + Argument.written(type.orElseThrow()) + "\"")));
        if (!type.equals(Optional.of(Type.GRPC))) {
            List.of("grpc_service", "grpc_status").forEach(name -> option(line, name).ifPresent(argument ->
                    argument.problem("\"" + name + "\" of \"health_check\" needs \"type=grpc\"")));
        }
    }

    private static Grpc grpc(Line line) {
        return new Grpc(option(line, "grpc_service").map(HealthCheckLine::service).orElse(""),
                option(line, "grpc_status").map(status -> status.number(1, MOST_STATUS)).orElse(0));
    }

    private static String service(Argument value) {
        if (value.text().length() > MOST_NAME) {
            value.refuse("a name of at most " + MOST_NAME + " characters");
        }
        return value.name();
    }

    private static Counts counts(Line line) {
        boolean mandatory = line.arguments().stream().anyMatch(argument -> argument.is("mandatory"));
        Optional<Argument> persistent = line.arguments().stream().filter(argument -> argument.is("persistent")).findFirst();
        if (!mandatory) {
            persistent.ifPresent(argument -> argument.problem("\"persistent\" of \"health_check\" needs \"mandatory\""));
        }
        return new Counts(option(line, "fails").map(number -> number.number(1, MOST)).orElse(1),
                option(line, "passes").map(number -> number.number(1, MOST)).orElse(1), mandatory, persistent.isPresent());
    }

    /// The value of a parameter, of which the last counts.
    private static Optional<Argument> option(Line line, String name) {
        return line.arguments().stream().filter(argument -> argument.text().startsWith(name + "=")).map(Argument::option)
                .reduce((_, last) -> last);
    }

    private static String match(Argument value) {
        return value.declared(value.reading().declared("match", match -> match.arguments().getFirst().text()), "match");
    }

    private static String uri(Argument value) {
        boolean valid = value.text().startsWith("/")
                && Targets.parse(value.text(), false) instanceof Targets.Reading.Valid(var read)
                && read.form() == Target.Form.ORIGIN;
        if (!valid) {
            value.refuse("a path that begins with a slash");
        }
        return value.text();
    }

    private static Duration positive(Argument value) {
        Duration time = value.time();
        if (!time.isPositive()) {
            value.refuse("a time above 0");
        }
        return time.isPositive() ? time : Duration.ofSeconds(1);
    }

    @Override
    public List<String> words() {
        List<String> words = new ArrayList<>();
        words.add("interval=" + Values.time(times.interval));
        words.add("jitter=" + Values.time(times.jitter));
        words.add("timeout=" + Values.time(times.timeout));
        words.add("fails=" + counts.fails);
        words.add("passes=" + counts.passes);
        if (!type.equals(Optional.of(Type.TCP)) && !type.equals(Optional.of(Type.GRPC))) {
            words.add("uri=" + uri);
        }
        if (!match.isEmpty()) {
            words.add("match=" + match);
        }
        if (port > 0) {
            words.add("port=" + port);
        }
        if (counts.mandatory) {
            words.add("mandatory");
        }
        if (counts.persistent) {
            words.add("persistent");
        }
        if (times.keepAlive.isPositive()) {
            words.add("keepalive_time=" + Values.time(times.keepAlive));
        }
        type.ifPresent(kind -> words.add("type=" + Argument.written(kind)));   // nginx wants type=grpc and what follows it last
        if (!grpc.service.isEmpty()) {
            words.add("grpc_service=" + grpc.service);
        }
        if (grpc.status > 0) {
            words.add("grpc_status=" + grpc.status);
        }
        return words;
    }
}
