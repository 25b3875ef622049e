package io.selvage.server.wiring;

import io.selvage.server.config.Action;
import io.selvage.server.config.LocationConfig;
import io.selvage.server.config.LocationMatch;
import io.selvage.server.config.LocationSettings;
import io.selvage.server.config.LogConfig;
import io.selvage.server.config.ServerConfig;
import io.selvage.server.http.ClientOptions;
import io.selvage.server.http.Handler;
import io.selvage.server.http.Status;
import io.selvage.server.http.Text;
import io.selvage.server.observe.ErrorLog;
import io.selvage.server.observe.ExchangeLog;
import io.selvage.server.route.ApplyLocationSettings;
import io.selvage.server.route.BodyLimit;
import io.selvage.server.route.FilteredHandler;
import io.selvage.server.route.Location;
import io.selvage.server.route.Match;
import io.selvage.server.route.RequestFilter;
import io.selvage.server.route.ResponsePolicy;
import io.selvage.server.route.Return;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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
        boolean slashed = config.action() instanceof Action.Proxy || config.action() instanceof Action.Uwsgi;
        List<Location> inside = config.locations().stream()
                .map(nested -> new LocationWiring(scope.shared(), server, nested).location()).toList();
        return new Location(match(config.match()), config.internal(), slashed,
                new FilteredHandler(steps(), handler(config.action())),
                finish(), inside);
    }

    /// What a site or a location answers before anything else (`return`).
    Optional<RequestFilter> returning() {
        return config.action() instanceof Action.Return returning ? Optional.of(answerAtOnce(returning)) : Optional.empty();
    }

    private List<RequestFilter> steps() {
        LocationSettings settings = scope.settings();
        ClientOptions rules = Wiring.clientRules(server.head(), settings);
        List<RequestFilter> steps = new ArrayList<>();
        steps.add(new ApplyLocationSettings(rules, new FilesWiring(scope).folder(config.action() instanceof Action.TryFiles)));
        steps.add(new BodyLimit(settings.client().maxBodySize()));
        returning().ifPresent(steps::add);
        steps.addAll(new LimitsWiring(scope).steps());
        return steps;
    }

    private Handler handler(Action action) {
        FilesWiring files = new FilesWiring(scope);
        return switch (action) {
            case Action.Files() -> files.conditional(files.files());
            case Action.TryFiles tryFiles -> files.tryFiles(tryFiles, handler(tryFiles.then()));
            case Action.Proxy proxy -> new ProxyWiring(scope).proxy(proxy);
            case Action.Uwsgi uwsgi -> new ProxyWiring(scope).uwsgi(uwsgi);
            case Action.Return _ -> files.files();             // never reached: the step before it answers
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

    private ResponsePolicy finish() {
        LocationSettings settings = scope.settings();
        ErrorLog errors = scope.errorLog();
        return new ResponsePolicy(new PagesWiring(scope).pages(), false, new PagesWiring(scope).touches(), scope.redirects(),
                ProductVersion.serverField(settings.headers().serverTokens()),
                logs(settings.logs()), errors);
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
