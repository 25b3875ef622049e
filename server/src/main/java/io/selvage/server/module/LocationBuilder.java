package io.selvage.server.module;

import io.selvage.server.config.Context;
import io.selvage.server.config.Section;
import io.selvage.server.http.ClientOptions;
import io.selvage.server.http.Folder;
import io.selvage.server.http.Handler;
import io.selvage.server.http.LocationValues;
import io.selvage.server.http.ScriptPath;
import io.selvage.server.http.Text;
import io.selvage.server.http.Variable;
import io.selvage.server.http.Warnings;
import io.selvage.server.net.ByteText;
import io.selvage.server.observe.ErrorLog;
import io.selvage.server.observe.ExchangeLog;
import io.selvage.server.observe.TrafficLocation;
import io.selvage.server.proxy.ProxyHandler;
import io.selvage.server.route.Access;
import io.selvage.server.route.AccessCheck;
import io.selvage.server.route.ConfigLine;
import io.selvage.server.route.ErrorPage;
import io.selvage.server.route.Location;
import io.selvage.server.route.LocationOptions;
import io.selvage.server.route.Match;
import io.selvage.server.route.Pause;
import io.selvage.server.route.Redirects;
import io.selvage.server.route.RequestFilter;
import io.selvage.server.route.ResponseFilter;
import io.selvage.server.route.ResponsePolicy;
import io.selvage.server.route.Rewrite;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Builds one location: gives modules its settings, and collects what they add. Used by one thread.
public final class LocationBuilder {
    private final ConfigScope shared;
    private final Section server;
    private final Section section;
    private final ErrorLog errorLog;

    private final List<Rewrite> rewrites = new ArrayList<>();
    private final List<RequestFilter> filters = new ArrayList<>();
    private final List<RequestFilter> lastFilters = new ArrayList<>();
    private final List<AccessCheck> accessChecks = new ArrayList<>();
    private final List<ResponseFilter> responseFilters = new ArrayList<>();
    private final List<ExchangeLog> logs = new ArrayList<>();
    private final List<Object> values = new ArrayList<>();
    private List<ErrorPage> errorPages = List.of();
    private boolean recursivePages;
    private ClientOptions client = ClientOptions.DEFAULT;
    private Folder folder = Folder.NONE;
    private ScriptPath scripts = ScriptPath.NONE;
    private Redirects redirects = Redirects.DEFAULT;
    private Text product = Text.literal("");
    private boolean anyAccessCheck;
    private Duration authDelay = Duration.ZERO;
    private @Nullable Handler content;
    private @Nullable ProxyHandler proxy;
    private Optional<Set<String>> ignoredOfPeer = Optional.empty();
    private boolean internal;
    private boolean logsSubrequests;
    private boolean autoSlash;
    private long bodyBound;
    private Warnings warnings = Warnings.NONE;

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

    /// The settings of the location.
    <R extends Record> R get(Class<R> type) {
        return section.get(type);
    }

    /// The settings of the site.
    <R extends Record> R site(Class<R> type) {
        return server.get(type);
    }

    /// The settings of the `http` block.
    <R extends Record> R http(Class<R> type) {
        return shared.http().get(type);
    }

    /// The location in the configuration.
    Section section() {
        return section;
    }

    /// The variable of a name, which is known only when the location is used.
    Optional<Variable> variable(String name) {
        return section.scope().reading().variable(name);
    }

    /// The site in the configuration.
    Section server() {
        return server;
    }

    ConfigScope shared() {
        return shared;
    }

    /// The state that outlives the configuration.
    ServerState state() {
        return shared.state();
    }

    ErrorLog errorLog() {
        return errorLog;
    }

    /// Whether this is the part of a site outside all locations.
    boolean isSite() {
        return section == server;
    }

    /// The blocks of one kind inside this one, in their order.
    List<Section> inside(Context kind) {
        return section.inside(kind);
    }

    /// A location for a block that is a part of this one.
    Location part(Section block) {
        return assembled(shared, server, block).build(List.of());
    }

    /// The paths of the location; empty for the part of a site outside all locations.
    Optional<Match> match() {
        return LocationMatch.of(section.scope());
    }

    /// The name in latency logs: the name of the site (`_` if it has none) and the arguments of `location`.
    String name() {
        return siteName() + String.join("", match().map(LocationMatch::words).orElse(List.of()));
    }

    private String siteName() {
        String site = ServerModule.name(server);
        return site.isEmpty() ? "_" : site;
    }

    /// The name in metrics. The part of a site outside all locations has an empty path.
    TrafficLocation metricsName() {
        return new TrafficLocation(ByteText.decode(siteName()),
                ByteText.decode(String.join(" ", match().map(LocationMatch::words).orElse(List.of()))));
    }

    /// Only internal redirects may come here.
    void internal() {
        internal = true;
    }

    /// The prefix without its last slash is redirected to it.
    void redirectToSlash() {
        autoSlash = true;
    }

    /// Runs before access is checked. Outside all locations it runs before a location is looked up.
    void rewrite(Rewrite rewrite) {
        rewrites.add(rewrite);
    }

    /// Where doubtful uses of variables are reported.
    void warnings(Warnings where) {
        warnings = where;
    }

    /// Runs before access is checked.
    void filter(RequestFilter filter) {
        filters.add(filter);
    }

    /// Peers answer here.
    ///
    /// @param ignored names of response fields that are not obeyed, in lower case
    void passes(Set<String> ignored) {
        ignoredOfPeer = Optional.of(ignored);
    }

    /// True if peers answer here, and this field of theirs is obeyed.
    boolean obeys(String field) {
        return ignoredOfPeer.isPresent() && !ignoredOfPeer.get().contains(field);
    }

    /// Runs after access was checked, before the content.
    void beforeContent(RequestFilter filter) {
        lastFilters.add(filter);
    }

    /// Decides with others whether the request is allowed.
    void access(AccessCheck check) {
        accessChecks.add(check);
    }

    /// @param any whether one check that allows the request is enough
    /// @param delay of answers that ask for credentials
    void accessPolicy(boolean any, Duration delay) {
        anyAccessCheck = any;
        authDelay = delay;
    }

    boolean hasContent() {
        return content != null;
    }

    /// Sets the handler.
    void content(Handler handler) {
        content = handler;
    }

    /// Sets the handler to one that passes requests to peers.
    void proxy(ProxyHandler handler) {
        content = handler;
        proxy = handler;
    }

    /// What passes requests to peers; empty if they are answered otherwise.
    Optional<ProxyHandler> proxy() {
        return Optional.ofNullable(proxy);
    }

    /// Wraps the handler in another one.
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

    /// @param recursive whether an error page may have an error page
    void errorPages(List<ErrorPage> pages, boolean recursive) {
        errorPages = pages;
        recursivePages = recursive;
    }

    void log(ExchangeLog log) {
        logs.add(log);
    }

    /// Subrequests are logged, too.
    void logSubrequests() {
        logsSubrequests = true;
    }

    /// @param bodyBytes the most bytes of a request's body; 0 for no bound
    void client(ClientOptions options, long bodyBytes) {
        client = options;
        bodyBound = bodyBytes;
    }

    /// Adds what a variable needs to know of the location. One object of a type.
    void value(Object value) {
        values.add(value);
    }

    void folder(Folder files) {
        folder = files;
    }

    void scripts(ScriptPath own) {
        scripts = own;
    }

    void redirects(Redirects own) {
        redirects = own;
    }

    /// The part of a redirect before its path: scheme, host and port; empty if redirects are relative.
    Text redirectBase() {
        return redirects.absolute() ? redirects::origin : Text.literal("");
    }

    /// Sets the product name in `Server` and in built-in pages.
    void product(Text text) {
        product = text;
    }

    /// The options of the client's connection in this location.
    public ClientOptions client() {
        return client;
    }

    /// The filters that run before a location is looked up, if this is the part of a site outside all locations.
    public List<Rewrite> rewrites() {
        return rewrites;
    }

    /// @param inside the locations inside this one
    public Location build(List<Location> inside) {
        if (!accessChecks.isEmpty()) {
            filters.add(new Access(anyAccessCheck, accessChecks, authDelay, Pause.REAL, errorLog));
        }
        filters.addAll(lastFilters);
        var at = section.scope().whole().block().position();
        values.add(new ConfigLine(at.file(), at.line()));
        return new Location(match().orElse(new Match.Prefix("")),
                options(),
                isSite() ? List.of() : rewrites, filters, content(), responseFilters, policy(), inside);
    }

    /// The options that the modules until now have set.
    LocationOptions options() {
        return new LocationOptions(internal, autoSlash, bodyBound, client, folder, scripts, warnings,
                values.isEmpty() ? LocationValues.NONE : new LocationValues(values));
    }

    private ResponsePolicy policy() {
        return new ResponsePolicy(errorPages, recursivePages, redirects, product, logs, logsSubrequests, errorLog);
    }
}
