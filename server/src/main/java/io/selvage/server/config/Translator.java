package io.selvage.server.config;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/// From checked directives to [Config]. Used by one thread, once.
final class Translator {
    static final Settings<MainConfig> MAIN = Settings.of(MainConfig.class);
    static final Settings<EventsConfig> EVENTS = Settings.of(EventsConfig.class);

    private final Scope main;

    /// @param directives what the [Checker] let through
    Translator(List<Directive> directives, Problems problems, VariableNames variables, String prefix) {
        Directive whole = Directive.block("main", List.of(), directives);
        main = Scope.outermost(whole, new ParseContext(problems, variables, declared(whole), prefix));
    }

    private static DeclaredNames declared(Directive whole) {
        List<Directive> http = whole.block().stream()
                .filter(directive -> directive.is("http"))
                .flatMap(directive -> directive.block().stream())
                .toList();
        Set<String> formats = names(http, "log_format", line -> line.arguments().getFirst().text());
        formats.add(LogFormatConfig.COMBINED_NAME);
        return new DeclaredNames(formats, names(http, "limit_req_zone", Translator::zone),
                names(http, "limit_conn_zone", Translator::zone),
                names(http, "upstream", line -> line.arguments().getFirst().text()));
    }

    private static Set<String> names(List<Directive> directives, String kind, Function<Directive, String> name) {
        return directives.stream().filter(directive -> directive.is(kind)).map(name)
                .collect(Collectors.toCollection(HashSet::new));
    }

    private static String zone(Directive line) {
        return line.arguments().stream()
                .filter(word -> word.key().equals("zone"))
                .map(word -> word.value().replaceFirst(":[^:]*$", ""))
                .findFirst()
                .orElse("");
    }

    Config translate() {
        return new Config(MAIN.read(main), EVENTS.read(block("events")), http(block("http")));
    }

    private Scope block(String name) {
        List<Line> blocks = main.here(name);
        return blocks.isEmpty() ? main.inside(Directive.block(name, List.of(), List.of())) : blocks.getFirst().inside();
    }

    private static HttpConfig http(Scope http) {
        var servers = new Servers();
        servers.settings(http);
        var formats = new ArrayList<>(List.of(LogFormatConfig.COMBINED));
        formats.addAll(named(http.here("log_format"), LogFormatConfig::read, LogFormatConfig::name,
                Set.of(LogFormatConfig.COMBINED_NAME)));
        return new HttpConfig(
                formats,
                named(http.here("limit_req_zone"), LimitRequestsZone::read, LimitRequestsZone::name, Set.of()),
                named(http.here("limit_conn_zone"), LimitConnectionsZone::read, LimitConnectionsZone::name, Set.of()),
                named(http.here("upstream"), Upstreams::read, UpstreamConfig::name, Set.of()),
                servers.read(http));
    }

    private static <T> List<T> named(List<Line> lines, Function<Line, T> reader, Function<T, String> name, Set<String> taken) {
        var names = new HashSet<>(taken);
        var all = new ArrayList<T>();
        for (Line line : lines) {
            T one = reader.apply(line);
            all.add(one);
            if (!names.add(name.apply(one))) {
                line.problem("\"" + line.name() + "\" of the name \"" + name.apply(one) + "\" is duplicate");
            }
        }
        return all;
    }
}
