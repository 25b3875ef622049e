package io.selvage.server.module;

import io.selvage.server.config.Argument;
import io.selvage.server.config.Codec;
import io.selvage.server.config.Config;
import io.selvage.server.config.Directives;
import io.selvage.server.config.Line;
import io.selvage.server.config.Printable;
import io.selvage.server.config.Setting;
import io.selvage.server.config.Values;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Status;
import io.selvage.server.http.Template;
import io.selvage.server.http.Text;
import io.selvage.server.http.WritableVariable;
import io.selvage.server.observe.Severity;
import io.selvage.server.redis.RedisAddress;
import io.selvage.server.redis.RedisStore;
import io.selvage.server.route.ConnectionLimitFilter;
import io.selvage.server.route.ConnectionZone;
import io.selvage.server.route.LimitRate;
import io.selvage.server.route.LimitRules;
import io.selvage.server.route.Pause;
import io.selvage.server.route.RequestLimitFilter;
import io.selvage.server.route.RequestZone;
import io.selvage.server.route.SharedCounters;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Limits on the requests, connections and bandwidth of clients.
final class LimitModule implements Module {
    private static final String LEVELS = "info notice warn error";

    /// The zones that count requests and connections.
    record LimitZones(
            @Setting(value = "limit_req_zone", doc = "Declares a zone that counts requests by a key, and its rate.",
                    differs = "`r/h` and `r/d` count requests an hour and a day; `store=redis://HOST` counts for several servers")
                    List<RequestZoneSettings> requests,
            @Setting(value = "limit_conn_zone", doc = "Declares a zone that counts connections by a key.",
                    differs = "`store=redis://HOST` counts for several servers")
                    List<ConnectionZoneSettings> connections) {
    }

    /// A zone that may be counted in a store.
    interface Stored {
        Optional<RedisAddress> store();
    }

    /// The stores that zones of a configuration name.
    static Set<RedisAddress> stores(Config config) {
        LimitZones zones = config.block(Contexts.HTTP).get(LimitZones.class);
        return Stream.<Stored>concat(zones.requests.stream(), zones.connections.stream()).flatMap(zone -> zone.store().stream())
                .collect(Collectors.toSet());
    }

    /// The limits of one location.
    ///
    /// @param rate bytes a second for each response; 0 for no bound
    /// @param rateAfter bytes of a response that go out before `rate` holds
    record Limits(
            RequestLimits requests,
            ConnectionLimits connections,
            @Setting(value = "limit_rate 0", also = "if",
                    doc = "Limits the rate of each response, in bytes a second; 0 for no limit.") Bytes rate,
            @Setting(value = "limit_rate_after 0", also = "if",
                    doc = "Sets the bytes of a response that are sent before the limit applies.") Bytes rateAfter) {
    }

    /// A size that may have variables. One that cannot be read in an exchange is 0.
    record Bytes(Template text) implements ToLongFunction<Exchange> {
        static final Bytes NONE = new Bytes(Template.literal("0"));

        static Bytes read(Argument argument) {
            boolean variable = argument.text().contains("$");
            return new Bytes(variable ? argument.template() : Template.literal(Values.size(argument.size())));
        }

        @Override
        public long applyAsLong(Exchange exchange) {
            return Values.size(text.apply(exchange)).orElse(0);
        }
    }

    record RequestLimits(
            @Setting(value = "limit_req", doc = "Delays or refuses requests above the rate of a zone.")
                    List<RequestLimit> limits,
            @Setting(value = "limit_req_status 503", least = 400, most = 599, doc = "Sets the status of refused requests.")
                    Status status,
            @Setting(value = "limit_req_dry_run off",
                    doc = "Counts and logs requests above the limit, but does not refuse them.") boolean dryRun,
            @Setting(value = "limit_req_log_level error", choices = LEVELS,
                    doc = "Sets the log level of refusals; delays are logged one level lower.") Severity level) {
        RequestLimits {
            limits = List.copyOf(limits);
        }
    }

    record ConnectionLimits(
            @Setting(value = "limit_conn", doc = "Limits the concurrent exchanges of one key.")
                    List<ConnectionLimit> limits,
            @Setting(value = "limit_conn_status 503", least = 400, most = 599, doc = "Sets the status of refused requests.")
                    Status status,
            @Setting(value = "limit_conn_dry_run off",
                    doc = "Counts and logs requests above the limit, but does not refuse them.") boolean dryRun,
            @Setting(value = "limit_conn_log_level error", choices = LEVELS, doc = "Sets the log level of refusals.")
                    Severity level) {
        ConnectionLimits {
            limits = List.copyOf(limits);
        }
    }

    /// `limit_req_zone`
    ///
    /// @param key requests with the same value share a bucket; with an empty one they are not counted
    /// @param zone its size are bytes of nginx's memory; in the end a bound on the number of keys
    /// @param requests how many may come `per` second, minute, hour or day
    /// @param store counts them for several servers
    record RequestZoneSettings(Text key, ZoneSize zone, int requests, Duration per, Optional<RedisAddress> store)
            implements Printable, Stored {
        private static final Map<String, Duration> SPANS = Map.of("s", Duration.ofSeconds(1), "m", Duration.ofMinutes(1),
                "h", Duration.ofHours(1), "d", Duration.ofDays(1));

        static RequestZoneSettings read(Line line) {
            ZoneSize zone = new ZoneSize("", 0);
            int requests = 1;
            Duration per = Duration.ofSeconds(1);
            Optional<RedisAddress> store = Optional.empty();
            for (Argument argument : line.argumentsFrom(1)) {
                switch (argument.word().key()) {
                    case "zone" -> zone = ZoneSize.read(argument.option());
                    case "store" -> store = address(argument.option());
                    case "rate" -> {
                        Argument rate = argument.option();
                        per = SPANS.getOrDefault(rate.text().substring(rate.text().indexOf('/') + 1), per);
                        requests = rate.with(rate.text().replaceFirst("r/[smhd]$", "")).number(1, 1_000_000_000);
                        if (!rate.text().matches("\\d+r/[smhd]")) {
                            rate.refuse("\"r/s\" or \"r/m\" behind a number");
                        }
                    }
                    default -> argument.unknown();
                }
            }
            if (zone.name().isEmpty()) {
                line.problem("\"limit_req_zone\" needs \"zone=\"");
            }
            return new RequestZoneSettings(line.argument(0).template(), zone, requests, per, store);
        }

        private String name() {
            return zone.name();
        }

        private RequestZone zone(Optional<SharedCounters> counters) {
            return new RequestZone(zone.name(), key, requests * 1000L, per, zone.size(), counters);
        }

        private String span() {
            return SPANS.entrySet().stream().filter(span -> span.getValue().equals(per)).findFirst().orElseThrow().getKey();
        }

        @Override
        public List<String> words() {
            List<String> words = new ArrayList<>(List.of(key.toString(), zone.word(), "rate=" + requests + "r/" + span()));
            store.ifPresent(address -> words.add("store=" + address.url()));
            return words;
        }
    }

    /// `limit_conn_zone`
    ///
    /// @param key connections with the same value are counted together; with an empty one they are not counted
    /// @param zone its size are bytes of nginx's memory; in the end a bound on the number of keys
    /// @param store counts them for several servers
    record ConnectionZoneSettings(Text key, ZoneSize zone, Optional<RedisAddress> store)
            implements Printable, Stored {
        static ConnectionZoneSettings read(Line line) {
            ZoneSize zone = new ZoneSize("", 0);
            Optional<RedisAddress> store = Optional.empty();
            for (Argument argument : line.argumentsFrom(1)) {
                switch (argument.word().key()) {
                    case "zone" -> zone = ZoneSize.read(argument.option());
                    case "store" -> store = address(argument.option());
                    default -> argument.unknown();
                }
            }
            if (zone.name().isEmpty()) {
                line.problem("\"limit_conn_zone\" needs \"zone=\"");
            }
            return new ConnectionZoneSettings(line.argument(0).template(), zone, store);
        }

        private String name() {
            return zone.name();
        }

        private ConnectionZone zone(Optional<SharedCounters> counters) {
            return new ConnectionZone(zone.name(), key, zone.size(), counters);
        }

        @Override
        public List<String> words() {
            List<String> words = new ArrayList<>(List.of(key.toString(), zone.word()));
            store.ifPresent(address -> words.add("store=" + address.url()));
            return words;
        }
    }

    /// `limit_req`
    ///
    /// @param zone the name of a zone
    /// @param burst requests that may come too early before others are refused
    /// @param undelayed how many of the burst are let through at once; [Integer#MAX_VALUE] for `nodelay`
    record RequestLimit(String zone, int burst, int undelayed) implements Printable {
        static RequestLimit read(Line line) {
            String zone = "";
            int burst = 0;
            int undelayed = 0;
            for (Argument argument : line.arguments()) {
                switch (argument.word().key()) {
                    case "zone" -> zone = argument.option().declared(zones(line, "limit_req_zone"), "zone");
                    case "burst" -> burst = argument.option().number(1, Integer.MAX_VALUE);
                    case "delay" -> undelayed = argument.option().number(1, Integer.MAX_VALUE);
                    case "nodelay" -> undelayed = Integer.MAX_VALUE;
                    default -> argument.unknown();
                }
            }
            if (zone.isEmpty()) {
                line.problem("\"limit_req\" needs \"zone=\"");
            }
            return new RequestLimit(zone, burst, undelayed);
        }

        private RequestLimitFilter.Limit in(RequestZone counters) {
            long delay = undelayed == Integer.MAX_VALUE ? RequestLimitFilter.Limit.NO_DELAY : undelayed * 1000L;
            return new RequestLimitFilter.Limit(counters, burst * 1000L, delay);
        }

        @Override
        public List<String> words() {
            List<String> words = new ArrayList<>(List.of("zone=" + zone));
            if (burst > 0) {
                words.add("burst=" + burst);
            }
            if (undelayed > 0) {
                words.add(undelayed == Integer.MAX_VALUE ? "nodelay" : "delay=" + undelayed);
            }
            return words;
        }
    }

    /// `limit_conn`
    ///
    /// @param zone the name of a zone
    record ConnectionLimit(String zone, int most) implements Printable {
        static ConnectionLimit read(Line line) {
            String zone = line.argument(0).declared(zones(line, "limit_conn_zone"), "zone");
            return new ConnectionLimit(zone, line.argument(1).number(1, 65_535));
        }

        @Override
        public List<String> words() {
            return List.of(zone, Integer.toString(most));
        }
    }

    @Override
    public Directives directives() {
        return new Directives()
                .settings(LimitZones.class, Contexts.HTTP)
                .settings(Limits.class, Contexts.HTTP, Contexts.SERVER, Contexts.LOCATION)
                .codec(Bytes.class, Codec.word(Bytes::read, bytes -> bytes.text.toString()))
                .collection(RequestZoneSettings.class,
                        Codec.named(Codec.line(3, 4, RequestZoneSettings::read), RequestZoneSettings::name, Set.of()))
                .collection(ConnectionZoneSettings.class,
                        Codec.named(Codec.line(2, 3, ConnectionZoneSettings::read), ConnectionZoneSettings::name, Set.of()))
                .codec(RequestLimit.class, Codec.line(1, 3, RequestLimit::read))
                .codec(ConnectionLimit.class, Codec.line(2, 2, ConnectionLimit::read));
    }

    @Override
    public void assemble(LocationBuilder location) {
        Limits limits = location.get(Limits.class);
        LimitZones zones = location.http(LimitZones.class);
        if (!limits.rate.equals(Bytes.NONE) || !limits.rateAfter.equals(Bytes.NONE)) {
            location.filter(new LimitRate(limits.rate, limits.rateAfter));
        }
        if (!limits.requests.limits.isEmpty()) {
            List<RequestLimitFilter.Limit> each = limits.requests.limits.stream()
                    .map(limit -> limit.in(zone(location, zones, limit))).toList();
            LimitRules rules = new LimitRules(limits.requests.status, limits.requests.level, limits.requests.dryRun);
            location.filter(new RequestLimitFilter(each, rules, Pause.REAL, () -> System.nanoTime() / 1_000_000,
                    location.errorLog()));
        }
        if (!limits.connections.limits.isEmpty()) {
            List<ConnectionLimitFilter.Limit> each = limits.connections.limits.stream()
                    .map(limit -> new ConnectionLimitFilter.Limit(zone(location, zones, limit), limit.most)).toList();
            LimitRules rules =
                    new LimitRules(limits.connections.status, limits.connections.level, limits.connections.dryRun);
            location.filter(new ConnectionLimitFilter(each, rules, location.errorLog()));
        }
    }

    @Override
    public Variables variables(VariableSources sources) {
        return Variables.of(Map.of(
                "limit_rate", new Rate(),
                "limit_req_status", exchange -> exchange.routing().variable("limit_req_status"),
                "limit_conn_status", exchange -> exchange.routing().variable("limit_conn_status")));
    }

    /// The rate of the response, which may be changed.
    private record Rate() implements WritableVariable {
        @Override
        public Optional<String> of(Exchange exchange) {
            return Optional.of(Long.toString(exchange.outcome().rate()));
        }

        @Override
        public void set(Exchange exchange, String value) {
            OptionalLong size = Values.size(value);
            if (size.isPresent()) {
                exchange.outcome().fixRate(size.getAsLong());
            } else {
                exchange.routing().warnings().warn(exchange, "invalid $limit_rate \"" + value + "\"");
            }
        }
    }

    /// A zone with unchanged settings keeps its counters at a reload.
    private static RequestZone zone(LocationBuilder location, LimitZones zones, RequestLimit limit) {
        RequestZoneSettings declared = named(zones.requests, RequestZoneSettings::name, limit.zone);
        Optional<SharedCounters> counters = counters(location, declared.store);
        return location.state().keep(RequestZone.class, declared, settings -> settings.zone(counters));
    }

    private static ConnectionZone zone(LocationBuilder location, LimitZones zones, ConnectionLimit limit) {
        ConnectionZoneSettings declared = named(zones.connections, ConnectionZoneSettings::name, limit.zone);
        Optional<SharedCounters> counters = counters(location, declared.store);
        return location.state().keep(ConnectionZone.class, declared, settings -> settings.zone(counters));
    }

    /// Zones with the same store share a connection, which a reload keeps.
    private static Optional<SharedCounters> counters(LocationBuilder location, Optional<RedisAddress> store) {
        return store.map(address -> location.state().keep(RedisStore.class, address,
                known -> new RedisStore(known, location.state().logs()::warn)));
    }

    private static Optional<RedisAddress> address(Argument url) {
        Optional<String> other = RedisAddress.unsupported(url.text());
        if (other.isPresent()) {
            url.problem("\"" + url.owner() + "\": " + other.get());
            return Optional.empty();
        }
        try {
            return Optional.of(new RedisAddress(url.text()));
        } catch (IllegalArgumentException _) {
            url.refuse("a URL like \"redis://HOST:6379\" or \"rediss://HOST:6379\"");
            return Optional.empty();
        }
    }

    /// The configuration was checked, so the zone is declared.
    private static <T> T named(List<T> all, Function<T, String> name, String wanted) {
        return all.stream().filter(each -> name.apply(each).equals(wanted)).findFirst().orElseThrow();
    }

    private static Set<String> zones(Line line, String directive) {
        return line.scope().reading().declared(directive, ZoneSize::declaredBy);
    }
}
