package io.selvage.server.module;

import io.selvage.loadbalancer.HealthCheck;
import io.selvage.server.config.Argument;
import io.selvage.server.config.Codec;
import io.selvage.server.config.Directives;
import io.selvage.server.config.Line;
import io.selvage.server.config.Section;
import io.selvage.server.config.Setting;
import io.selvage.server.config.Shape;
import io.selvage.server.http.Exchange;
import io.selvage.server.module.UpstreamModule.UpstreamSettings;
import io.selvage.server.proxy.GrpcHealth;
import io.selvage.server.proxy.HealthProbe;
import io.selvage.server.proxy.PeerGroup;
import io.selvage.server.proxy.ProbeMatch;
import io.selvage.server.proxy.ProbeOptions;
import io.selvage.server.proxy.ProbeRequest;
import io.selvage.server.route.LocationOptions;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// Active health checks: `health_check`, and `match`, which says what a healthy peer responds.
final class HealthModule implements Module {

    record HealthSettings(
            @Setting(value = "health_check", in = "location", inherited = false,
                    doc = "Probes the peers of the location's upstream, and leaves out those that are not healthy.",
                    differs = "no `zone` is needed; a probe has failed after `timeout`, by default the `interval`, but 1 s at "
                            + "least; without `type`, the protocol of the location is spoken; `type=tcp` and `type=uwsgi`; "
                            + "peers that are unhealthy stay so in a reload")
                    Optional<HealthCheckLine> check) {
    }

    /// The tests of a `match` block.
    record MatchSettings(
            @Setting(value = "status", arguments = "1+", doc = "Tests the status of the response to a probe.")
                    List<StatusLine> statuses,
            @Setting(value = "header", arguments = "1-3", doc = "Tests a field of the response to a probe.")
                    List<HeaderLine> headers,
            @Setting(value = "body", arguments = "2", doc = "Tests the first 256 KiB of the body of the response to a probe.")
                    List<BodyLine> bodies,
            @Setting(value = "require", arguments = "1+", doc = "Tests that variables are neither empty nor `0` after a probe.")
                    List<RequireLine> required) {
        MatchSettings {
            statuses = List.copyOf(statuses);
            headers = List.copyOf(headers);
            bodies = List.copyOf(bodies);
            required = List.copyOf(required);
        }

        ProbeMatch match() {
            return new ProbeMatch(Stream.of(statuses.stream().map(StatusLine::line), headers.stream().map(HeaderLine::line),
                    bodies.stream().map(BodyLine::line), required.stream().map(RequireLine::line)).flatMap(each -> each)
                    .map(MatchLine::test).toList());
        }
    }

    record StatusLine(MatchLine line) {
    }

    record HeaderLine(MatchLine line) {
    }

    record BodyLine(MatchLine line) {
    }

    record RequireLine(MatchLine line) {
    }

    @Override
    public Directives directives() {
        return new Directives()
                .block("match", Shape.of(1, 1).repeated(), "Names what a healthy peer responds to a probe.", Contexts.HTTP)
                .isolate(Contexts.MATCH)
                .settings(HealthSettings.class, Contexts.LOCATION)
                .settings(MatchSettings.class, Contexts.MATCH)
                .codec(HealthCheckLine.class, Codec.line(0, Integer.MAX_VALUE, HealthCheckLine::read))
                .codec(StatusLine.class, Codec.line(1, Integer.MAX_VALUE, line -> new StatusLine(MatchLine.status(line)),
                        status -> status.line.words()))
                .codec(HeaderLine.class, Codec.line(1, 3, line -> new HeaderLine(MatchLine.header(line)),
                        header -> header.line.words()))
                .codec(BodyLine.class, Codec.line(2, 2, line -> new BodyLine(MatchLine.body(line)), body -> body.line.words()))
                .codec(RequireLine.class, Codec.line(1, Integer.MAX_VALUE, line -> new RequireLine(MatchLine.require(line)),
                        required -> required.line.words()))
                .check(main -> main.inside(Contexts.HTTP).forEach(HealthModule::check));
    }

    private static void check(Section http) {
        Set<String> names = new HashSet<>();
        for (Section match : http.inside(Contexts.MATCH)) {
            checkMatch(match, names);
        }
        Map<String, Section> upstreams = new HashMap<>();
        http.inside(Contexts.UPSTREAM).forEach(upstream -> upstreams.putIfAbsent(GroupSettings.name(upstream), upstream));
        http.inside(Contexts.SERVER).stream().flatMap(server -> server.inside(Contexts.LOCATION).stream())
                .forEach(location -> checkLocation(location, upstreams));
    }

    private static void checkMatch(Section match, Set<String> names) {
        String name = name(match);
        if (!names.add(name)) {
            match.line().problem("\"match\" of the name \"" + name + "\" is duplicate");
        }
        MatchSettings set = match.get(MatchSettings.class);
        if (set.match().tests().isEmpty()) {
            match.line().problem("\"match\" of the name \"" + name + "\" tests nothing");
        } else if (set.statuses.isEmpty()) {
            match.line().warning("\"match\" of the name \"" + name + "\" has no \"status\": responses with any status pass");
        }
    }

    private static void checkLocation(Section location, Map<String, Section> upstreams) {
        location.inside(Contexts.LOCATION).forEach(inner -> checkLocation(inner, upstreams));
        Optional<HealthCheckLine> check = location.get(HealthSettings.class).check();
        if (check.isEmpty()) {
            return;
        }
        Line line = location.scope().here("health_check").getLast();
        Optional<PassTarget> target = location.get(UpstreamSettings.class).target();
        if (target.isEmpty() || !(target.get().peers() instanceof PassTarget.Destination.Group(String name))) {
            line.problem("\"health_check\" needs \"proxy_pass\" or another directive that passes to an \"upstream\"");
            return;
        }
        checkType(line, check.get(), target.get().protocol());
        Section upstream = upstreams.get(name);
        boolean unix = upstream != null && upstream.get(GroupSettings.class).peers().stream()
                .anyMatch(peer -> peer.address().startsWith("unix:"));
        if (check.get().port() > 0 && unix) {
            option(line, "port").problem("\"port\" of \"health_check\" means nothing for the unix sockets of upstream \"" + name
                    + "\"");
        }
    }

    private static void checkType(Line line, HealthCheckLine check, PassTarget.Protocol protocol) {
        boolean fits = check.type().isEmpty() || switch (check.type().get()) {
            case TCP -> true;
            case HTTP -> protocol == PassTarget.Protocol.PROXY;
            case UWSGI -> protocol == PassTarget.Protocol.UWSGI;
            case GRPC -> protocol == PassTarget.Protocol.GRPC;
        };
        if (!fits) {
            Argument type = option(line, "type");
            type.problem("\"type=" + type.text() + "\" of \"health_check\" does not fit \"" + protocol + "_pass\"");
        }
    }

    private static Argument option(Line line, String name) {
        return line.arguments().stream().filter(argument -> argument.word().key().equals(name)).map(Argument::option)
                .reduce((_, last) -> last).orElseThrow();
    }

    private static String name(Section match) {
        return match.line().argument(0).text();
    }

    @Override
    public void assemble(LocationBuilder location) {
        if (location.section().context().equals(Contexts.LOCATION)) {
            location.get(HealthSettings.class).check().ifPresent(line -> probe(location, line));
        }
    }

    private static void probe(LocationBuilder location, HealthCheckLine line) {
        PassTarget target = location.get(UpstreamSettings.class).target().orElseThrow();
        PeerGroup group = target.group(location);
        HealthCheck check = location.shared().healthChecks().of(location.section());
        HealthCheckLine.Times times = line.times();
        HealthProbe.Schedule schedule = new HealthProbe.Schedule(times.interval(), times.jitter(), times.timeout());
        if (line.type().equals(Optional.of(HealthCheckLine.Type.TCP))) {
            group.add(HealthProbe.tcp(group, check, schedule, line.port(), location.state().io()));
            return;
        }
        String site = ServerModule.name(location.server());
        LocationOptions options = location.options();
        Consumer<Exchange> enter = exchange -> {
            exchange.routing().siteName(site);
            options.enter(exchange);
        };
        boolean grpc = line.type().equals(Optional.of(HealthCheckLine.Type.GRPC));
        ProbeRequest request = grpc ? ProbeRequest.grpc(line.grpc().service()) : ProbeRequest.get(line.uri());
        ProbeMatch match = grpc ? ProbeMatch.of(new GrpcHealth(line.grpc().status())) : match(location, line);
        ProbeOptions probing = new ProbeOptions(request, site.matches("[\\w.-]+") ? site : target.authority(), enter, match,
                line.port(), times.timeout(), times.keepAlive());
        group.add(location.proxy().orElseThrow().probe(group, check, schedule, probing, location.state().io()));
    }

    private static ProbeMatch match(LocationBuilder location, HealthCheckLine line) {
        return location.shared().http().inside(Contexts.MATCH).stream().filter(match -> name(match).equals(line.match()))
                .findFirst().map(match -> match.get(MatchSettings.class).match()).orElse(ProbeMatch.DEFAULT);
    }
}
