package io.selvage.server.module;

import io.selvage.server.config.Section;
import io.selvage.server.http.ClientOptions;
import io.selvage.server.http.Folder;
import io.selvage.server.http.Handler;
import io.selvage.server.http.Text;
import io.selvage.server.observe.ErrorLog;
import io.selvage.server.observe.ExchangeLog;
import io.selvage.server.route.ErrorPage;
import io.selvage.server.route.Location;
import io.selvage.server.route.LocationOptions;
import io.selvage.server.route.Match;
import io.selvage.server.route.Redirects;
import io.selvage.server.route.RequestFilter;
import io.selvage.server.route.ResponseFilter;
import io.selvage.server.route.ResponsePolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// One location while the modules put it together: what they may ask for, and what they add. Used by one thread.
public final class LocationBuilder {
    private final ConfigScope shared;
    private final Section server;
    private final Section section;
    private final ErrorLog errorLog;

    private final List<RequestFilter> rewrites = new ArrayList<>();
    private final List<RequestFilter> filters = new ArrayList<>();
    private final List<ResponseFilter> responseFilters = new ArrayList<>();
    private final List<ExchangeLog> logs = new ArrayList<>();
    private List<ErrorPage> errorPages = List.of();
    private ClientOptions client = ClientOptions.DEFAULT;
    private Folder folder = Folder.NONE;
    private Redirects redirects = Redirects.DEFAULT;
    private String product = "";
    private @Nullable Handler content;
    private boolean internal;
    private boolean autoSlash;
    private long bodyBound;

    private LocationBuilder(ConfigScope shared, Section server, Section section) {
        this.shared = shared;
        this.server = server;
        this.section = section;
        this.errorLog = LogModule.errorLog(section.get(LogModule.ErrorLogSettings.class), shared);
    }

    /// A location to which every module has added what belongs to it.
    ///
    /// @param server the site
    /// @param section the location, or the site itself for what is outside all locations
    /// @throws java.io.UncheckedIOException when a log cannot be written
    public static LocationBuilder assembled(ConfigScope shared, Section server, Section section) {
        LocationBuilder location = new LocationBuilder(shared, server, section);
        Modules.ALL.forEach(module -> module.assemble(location));
        return location;
    }

    /// What is set for the location.
    <R extends Record> R get(Class<R> type) {
        return section.get(type);
    }

    /// What is set for the site.
    <R extends Record> R site(Class<R> type) {
        return server.get(type);
    }

    /// What is set for all sites together.
    <R extends Record> R http(Class<R> type) {
        return shared.http().get(type);
    }

    ConfigScope shared() {
        return shared;
    }

    /// What outlives the configuration.
    ServerState state() {
        return shared.state();
    }

    ErrorLog errorLog() {
        return errorLog;
    }

    /// Which paths it is for; nothing for what is outside all locations.
    Optional<Match> match() {
        return LocationMatch.of(section.scope());
    }

    /// What latency logs call it: the name of the site, `_` for one without, and what is written behind `location`.
    String name() {
        String site = ServerModule.name(server);
        return (site.isEmpty() ? "_" : site) + String.join("", match().map(LocationMatch::words).orElse(List.of()));
    }

    /// Only internal redirects may come here.
    void internal() {
        internal = true;
    }

    /// The prefix without its last slash is redirected to it.
    void redirectToSlash() {
        autoSlash = true;
    }

    /// Runs before access is checked. Outside of all locations it runs before a location is looked for.
    void rewrite(RequestFilter filter) {
        rewrites.add(filter);
    }

    /// Runs before the content.
    void filter(RequestFilter filter) {
        filters.add(filter);
    }

    boolean hasContent() {
        return content != null;
    }

    /// What answers.
    void content(Handler handler) {
        content = handler;
    }

    /// Puts another handler in front of what answers.
    void before(UnaryOperator<Handler> handler) {
        content = handler.apply(content());
    }

    private Handler content() {
        if (content == null) {
            throw new IllegalStateException("no module answers in " + name());
        }
        return content;
    }

    void responseFilter(ResponseFilter filter) {
        responseFilters.add(filter);
    }

    void errorPages(List<ErrorPage> pages) {
        errorPages = pages;
    }

    void log(ExchangeLog log) {
        logs.add(log);
    }

    /// @param bodyBytes the most bytes of a request's body; 0 for no bound
    void client(ClientOptions options, long bodyBytes) {
        client = options;
        bodyBound = bodyBytes;
    }

    void folder(Folder files) {
        folder = files;
    }

    void redirects(Redirects own) {
        redirects = own;
    }

    /// What stands in front of a redirect's path: scheme, host and port, or nothing where redirects are relative.
    Text redirectBase() {
        return redirects.absolute() ? redirects::origin : Text.literal("");
    }

    /// What `Server` and the built-in pages say.
    void product(String text) {
        product = text;
    }

    /// How the client's connection is treated here.
    public ClientOptions client() {
        return client;
    }

    /// What runs before a location is looked for, when this is what is outside of all locations.
    public List<RequestFilter> rewrites() {
        return rewrites;
    }

    /// @param inside the locations inside this one
    public Location build(List<Location> inside) {
        return new Location(match().orElse(new Match.Prefix("")),
                new LocationOptions(internal, autoSlash, bodyBound, client, folder), rewrites, filters, content(),
                responseFilters, new ResponsePolicy(errorPages, redirects, product, logs, errorLog), inside);
    }
}
