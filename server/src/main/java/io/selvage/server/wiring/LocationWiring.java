package io.selvage.server.wiring;

import io.selvage.server.config.Action;
import io.selvage.server.config.LocationConfig;
import io.selvage.server.config.LocationMatch;
import io.selvage.server.config.LocationSettings;
import io.selvage.server.config.LogConfig;
import io.selvage.server.config.ServerConfig;
import io.selvage.server.http.Handler;
import io.selvage.server.http.Status;
import io.selvage.server.http.Text;
import io.selvage.server.observe.ExchangeLog;
import io.selvage.server.route.Location;
import io.selvage.server.route.LocationOptions;
import io.selvage.server.route.Match;
import io.selvage.server.route.RangeFilter;
import io.selvage.server.route.RequestFilter;
import io.selvage.server.route.ResponseFilter;
import io.selvage.server.route.ResponsePolicy;
import io.selvage.server.route.Return;
import java.util.ArrayList;
import java.util.List;

/// One location: what is done with a request before its handler, the handler, and what becomes of the answer.
final class LocationWiring {
    private final LocationScope scope;
    private final ServerConfig server;
    private final LocationConfig config;

    /// @param server that it belongs to
    LocationWiring(ConfigScope shared, ServerConfig server, LocationConfig config) {
        LocationSettings settings = config.settings();
        this.scope = new LocationScope(shared, config.match(), settings, shared.errorLog(settings.logs().errors()));
        this.server = server;
        this.config = config;
    }

    Location location() {
        List<Location> nested = config.locations().stream()
                .map(inner -> new LocationWiring(scope.shared(), server, inner).location()).toList();
        return new Location(match(config.match()), options(), rewrites(), new LimitsWiring(scope).filters(),
                handler(config.action()), responseFilters(), policy(), nested);
    }

    /// What a site or a location does first (`return`).
    List<RequestFilter> rewrites() {
        return config.action() instanceof Action.Return returning ? List.of(answerAtOnce(returning)) : List.of();
    }

    private LocationOptions options() {
        boolean passes = config.action() instanceof Action.Proxy || config.action() instanceof Action.Uwsgi;
        return new LocationOptions(config.internal(), passes, scope.settings().client().maxBodySize(),
                Wiring.clientRules(server.head(), scope.settings()),
                new FilesWiring(scope).folder(config.action() instanceof Action.TryFiles));
    }

    /// In nginx's order. What compresses answers goes between the fields and the ranges.
    private List<ResponseFilter> responseFilters() {
        List<ResponseFilter> filters = new ArrayList<>();
        filters.add(new FilesWiring(scope).conditions());
        filters.addAll(new PagesWiring(scope).fields());
        filters.add(new RangeFilter(scope.settings().files().maxRanges()));
        return filters;
    }

    private Handler handler(Action action) {
        FilesWiring files = new FilesWiring(scope);
        return switch (action) {
            case Action.Files() -> files.files();
            case Action.TryFiles tryFiles -> files.tryFiles(tryFiles, handler(tryFiles.then()));
            case Action.Proxy proxy -> new ProxyWiring(scope).proxy(proxy);
            case Action.Uwsgi uwsgi -> new ProxyWiring(scope).uwsgi(uwsgi);
            case Action.Return _ -> files.files();             // never reached: the rewrite answers
        };
    }

    private RequestFilter answerAtOnce(Action.Return returning) {
        Templates templates = scope.templates();
        return switch (returning) {
            case Action.Status(int code) -> Return.bare(Status.of(code));
            case Action.Redirect(int code, var to) -> new Return(Status.of(code), templates.text(to), Text.literal(""));
            case Action.Text(int code, var body) ->
                new Return(Status.of(code), templates.text(body), Text.literal(scope.settings().files().defaultType()));
        };
    }

    private ResponsePolicy policy() {
        LocationSettings settings = scope.settings();
        return new ResponsePolicy(new PagesWiring(scope).pages(), scope.redirects(),
                ProductVersion.serverField(settings.headers().serverTokens()), logs(settings.logs()), scope.errorLog());
    }

    private List<ExchangeLog> logs(LogConfig configured) {
        List<ExchangeLog> logs = new ArrayList<>();
        configured.access().forEach(log -> logs.add(scope.shared().accessLog(log)));
        configured.latencies().forEach(log -> logs.add(scope.shared().latencyLog(log, name())));
        return logs;
    }

    /// What latency logs call it: the name of the site, `_` for one without, and what is written behind `location`.
    private String name() {
        String site = SiteWiring.told(server);
        return (site.isEmpty() ? "_" : site) + String.join("", config.match().words());
    }

    private static Match match(LocationMatch match) {
        return switch (match) {
            case LocationMatch.Exact(var path) -> new Match.Exact(path);
            case LocationMatch.Prefix(var prefix, boolean last) -> new Match.Prefix(prefix, last);
            case LocationMatch.Regular(var regex) -> new Match.Matching(regex);
            case LocationMatch.Named(var name) -> new Match.Named(name);
            case LocationMatch.Unmatched() -> new Match.Prefix("");
        };
    }
}
