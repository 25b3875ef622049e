package io.selvage.server.config;

import java.util.ArrayList;
import java.util.List;

/// From [Config] back to the language. What is inherited, or usual, is not written again.
final class Printer {
    private Printer() {}

    static String print(Config config) {
        var all = new ArrayList<>(Translator.MAIN.print(config.main(), Translator.MAIN.defaults()));
        List<Directive> events = Translator.EVENTS.print(config.events(), Translator.EVENTS.defaults());
        all.add(Directive.block("events", List.of(), events));
        all.add(Directive.block("http", List.of(), http(config)));
        return text(all, "");
    }

    private static List<Directive> http(Config config) {
        HttpConfig http = config.http();
        LocationSettings usual = LocationReader.SETTINGS.defaults();
        LocationSettings outer = usual.withLogs(usual.logs().withErrors(config.main().errorLogs()));
        var all = new ArrayList<Directive>();
        http.logFormats().stream().skip(1).forEach(format -> all.add(format.directive("log_format")));
        http.limitRequestsZones().forEach(zone -> all.add(zone.directive("limit_req_zone")));
        http.limitConnectionsZones().forEach(zone -> all.add(zone.directive("limit_conn_zone")));
        http.upstreams().forEach(upstream -> all.add(upstream(upstream)));
        http.servers().forEach(server -> all.add(server(server, outer)));
        return all;
    }

    private static Directive upstream(UpstreamConfig upstream) {
        var inside = new ArrayList<Directive>();
        List<String> balance = upstream.balance().words();
        if (!balance.isEmpty()) {
            inside.add(Directive.of(balance.getFirst(), balance.subList(1, balance.size())));
        }
        upstream.servers().forEach(server -> inside.add(server.directive("server")));
        inside.addAll(Upstreams.IDLE.print(upstream.idle(), Upstreams.IDLE.defaults()));
        return Directive.block("upstream", List.of(upstream.name()), inside);
    }

    private static Directive server(ServerConfig server, LocationSettings outer) {
        var inside = new ArrayList<Directive>();
        server.listens().forEach(listen -> inside.add(listen.directive("listen")));
        inside.add(Directive.of("server_name", server.names().stream().map(ServerName::written).toList()));
        inside.addAll(Servers.HEAD.print(server.head(), Servers.HEAD.defaults()));
        inside.addAll(location(server.own(), outer, false));
        return Directive.block("server", List.of(), inside);
    }

    private static List<Directive> location(LocationConfig location, LocationSettings outer, boolean outerInternal) {
        var inside = new ArrayList<>(LocationReader.SETTINGS.print(location.settings(), outer));
        if (location.internal() && !outerInternal) {
            inside.add(Directive.of("internal", List.of()));
        }
        action(location.action(), inside);
        for (LocationConfig each : location.locations()) {
            List<Directive> within = location(each, location.settings(), location.internal());
            inside.add(Directive.block("location", each.match().words(), within));
        }
        return inside;
    }

    private static void action(Action action, List<Directive> into) {
        switch (action) {
            case Action.Files() -> { }
            case Action.Proxy(var target, _, var path) -> into.add(Directive.of("proxy_pass", List.of(url(target, path))));
            case Action.Uwsgi(var target) -> into.add(Directive.of("uwsgi_pass", List.of(target.written())));
            case Action.Status(int code) -> into.add(answer(code));
            case Action.Redirect(int code, var to) -> into.add(to.isEmpty() ? answer(code) : answer(code, to));
            case Action.Text(int code, var body) -> into.add(answer(code, body));
            case Action.TryFiles(var candidates, var fallback, var then) -> {
                var words = new ArrayList<>(candidates.stream().map(each -> each.path() + (each.folder() ? "/" : "")).toList());
                words.add(switch (fallback) {
                    case Action.Fallback.Code(int code) -> "=" + code;
                    case Action.Fallback.Path(var path) -> path.toString();
                    case Action.Fallback.Named(var name) -> name;
                });
                into.add(Directive.of("try_files", words));
                action(then, into);
            }
        }
    }

    private static String url(PassTarget target, String path) {
        if (target instanceof PassTarget.Computed(var text)) {
            return text.toString();
        }
        boolean colon = !path.isEmpty() && target instanceof PassTarget.Peer(Address.Unix _);
        return "http://" + target.written() + (colon ? ":" : "") + path;
    }

    private static Directive answer(int code) {
        return Directive.of("return", List.of(Integer.toString(code)));
    }

    private static Directive answer(int code, Template text) {
        return Directive.of("return", List.of(Integer.toString(code), text.toString()));
    }

    private static String text(List<Directive> directives, String indent) {
        var text = new StringBuilder();
        for (Directive directive : directives) {
            text.append(indent).append(quoted(directive.name()));
            directive.arguments().forEach(argument -> text.append(' ').append(quoted(argument)));
            if (directive.hasBlock()) {
                text.append(" {\n").append(text(directive.block(), indent + "    ")).append(indent).append("}\n");
            } else {
                text.append(";\n");
            }
        }
        return text.toString();
    }

    private static String quoted(Word word) {
        String text = word.text();
        boolean plain = !text.isEmpty() && text.chars().noneMatch(c -> " \t\r\n;{}\"'\\#".indexOf(c) >= 0);
        if (plain) {
            return text;
        }
        var quoted = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            switch (c) {
                case '"', '\\' -> quoted.append('\\').append(c);
                case '\t' -> quoted.append("\\t");
                case '\r' -> quoted.append("\\r");
                case '\n' -> quoted.append("\\n");
                default -> quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }
}
