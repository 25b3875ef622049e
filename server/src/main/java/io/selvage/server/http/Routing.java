package io.selvage.server.http;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Where a request is in the configuration, and what it has become on the way there: its site, the options of its location, its
/// method, path and query as they are now. Owned by the router and its filters; `try_files` and the proxy change the path too.
public final class Routing {
    /// The most internal redirects of one exchange.
    public static final int MAX_REDIRECTS = 10;
    private static final int DEEPEST_EVALUATION = 100;

    private Method method;
    private String path;
    private String query;
    private int redirects;
    private int evaluating;                                // variables under evaluation, each needed by the one before
    private boolean pathReplaced;
    private boolean subrequest;
    private boolean rewritten;                             // path or query, so that the client's spelling does not hold
    private boolean locationSought;                        // the path was rewritten since its location was found
    private boolean internal;
    private boolean ofPage;                                // in place of what was asked for
    private Warnings warnings = Warnings.NONE;
    private String siteName = "";
    private ClientOptions options;
    private Folder folder = Folder.NONE;
    private ScriptPath scriptPath = ScriptPath.NONE;
    private LocationValues values = LocationValues.NONE;
    private List<String> captures = List.of();
    private final Optional<Authority> authority;
    private @Nullable Status pageStatus;                   // while an error page is looked for
    private @Nullable Map<String, String> variables;       // created by the first one that is set

    Routing(RequestHead request, ClientOptions options) {
        this.method = request.method();
        this.path = request.target().path();
        this.query = request.target().query();
        this.options = options;
        this.authority = request.host();
    }

    /// Of a subrequest: in the same site, with the client's options, the folder and the variables of the request that it belongs
    /// to. It has no captures and no [#values] until it enters a location.
    ///
    /// @param shared whether both have the same variables from here on; otherwise each has its own
    Routing(Routing of, Method method, InternalUri uri, boolean shared) {
        this.method = method;
        this.path = uri.path();
        this.query = uri.query();
        this.subrequest = true;
        this.rewritten = true;
        this.warnings = of.warnings;
        this.siteName = of.siteName;
        this.options = of.options;
        this.folder = of.folder;
        this.authority = of.authority;
        this.variables = shared ? of.variables() : new HashMap<>(of.variables());
    }

    /// Of a subrequest for the same URI in the same location, with its captures and its [#values].
    Routing(Routing of) {
        this(of, of.method, new InternalUri(of.path, of.query), true);
        this.pathReplaced = of.pathReplaced;
        this.rewritten = of.rewritten;
        this.captures = of.captures;
        this.values = of.values;
        this.scriptPath = of.scriptPath;
    }

    /// The method as it is now: the client's, or GET once an error page is looked for; `$request_method`.
    public Method method() {
        return method;
    }

    /// Asks for a page in place of what the client asked for: every method but HEAD becomes GET.
    public void methodOfPage() {
        ofPage = true;
        if (!method.equals(Method.HEAD)) {
            method = Method.GET;
        }
    }

    /// True once a page is asked for in place of what the client asked for.
    public boolean isOfPage() {
        return ofPage;
    }

    /// The host that the client asked for: the one of an absolute-form target, otherwise that of `Host`. Empty if it named none.
    public Optional<Authority> authority() {
        return authority;
    }

    /// The first name of the site, empty for one without; `$server_name`.
    public String siteName() {
        return siteName;
    }

    /// Sets the name of the site that serves the request; empty for a site without one.
    public void siteName(String name) {
        siteName = name;
    }

    /// How the client's connection is treated in the current location.
    public ClientOptions options() {
        return options;
    }

    /// Makes the options of a location those of the request. The caller sets [#warnings] and [#values] as well.
    public void enterLocation(ClientOptions client, Folder files, ScriptPath scripts) {
        options = client;
        folder = files;
        scriptPath = scripts;
    }

    /// Where doubtful uses of variables are reported.
    public Warnings warnings() {
        return warnings;
    }

    /// Sets the receiver of warnings, which is that of the current location.
    public void warnings(Warnings where) {
        warnings = where;
    }

    /// What variables need to know of the current location.
    public LocationValues values() {
        return values;
    }

    /// Sets the values of the location that the request enters.
    public void values(LocationValues current) {
        values = current;
    }

    /// Where the files of the current location lie.
    public Folder folder() {
        return folder;
    }

    /// How the path is divided in the current location.
    public ScriptPath scriptPath() {
        return scriptPath;
    }

    /// The decoded, normalised path as it is now; `$uri`.
    public String path() {
        return path;
    }

    /// The query as it is now, without its question mark; `$args`.
    public String query() {
        return query;
    }

    /// Goes on with another path inside the site.
    ///
    /// @throws Failure after [#MAX_REDIRECTS] of them, since they may never end
    public void redirect(String newPath, String newQuery) throws Failure {
        countRedirect("internally redirecting to", newPath);
        pathReplaced = false;
        rewritten = true;
        path = newPath;
        query = newQuery;
    }

    /// Counts a redirect that does not change the path, such as one to a named location.
    ///
    /// @param doing what, for the error log
    /// @param target of the redirect
    public void countRedirect(String doing, String target) throws Failure {
        if (++redirects > MAX_REDIRECTS) {
            throw Failure.here(Failure.What.REFUSED,
                    "rewrite or internal redirection cycle while " + doing + " \"" + target + "\"");
        }
    }

    /// Replaces path and query as `rewrite` does. The request is an internal one from here on.
    ///
    /// @param seeksLocation whether the location is looked for again; otherwise the path need not start with the name of its
    ///     location from here on
    public void rewrite(String newPath, String newQuery, boolean seeksLocation) {
        path = newPath;
        query = newQuery;
        rewritten = true;
        internal = true;
        if (seeksLocation) {
            locationSought = true;
        } else {
            keepLocation();
            pathReplaced = true;
        }
    }

    /// Keeps the location in spite of a rewritten path, as `break` does.
    public void keepLocation() {
        pathReplaced |= locationSought;
        locationSought = false;
    }

    /// Whether the location is to be looked for again, because the path was rewritten. The next call returns false.
    public boolean takeLocationSought() {
        boolean sought = locationSought;
        locationSought = false;
        return sought;
    }

    /// Replaces the query, as `set $args` does.
    public void query(String newQuery) {
        query = newQuery;
        rewritten = true;
    }

    /// Whether a peer gets path and query as they are now, rather than as the client wrote them.
    public boolean isRewritten() {
        return rewritten;
    }

    /// Replaces the path by that of a file that was found, as `try_files` does. A peer still gets the path as the client wrote
    /// it.
    public void replacePath(String newPath) {
        path = newPath;
    }

    /// Whether the path was replaced since its location was found, so that it need not start with the location's name.
    public boolean isPathReplaced() {
        return pathReplaced;
    }

    /// Whether there were more than [#MAX_REDIRECTS]: nothing may be redirected any more, not even to an error page.
    public boolean isRedirectLimitPassed() {
        return redirects > MAX_REDIRECTS;
    }

    int redirects() {
        return redirects;
    }

    /// Whether the current path is not the client's own but comes from a redirect, a `rewrite` or a subrequest.
    public boolean isInternal() {
        return redirects > 0 || internal || subrequest;
    }

    /// Groups of the last regular expression that matched: `$0` at 0, `$1` at 1.
    public List<String> captures() {
        return captures;
    }

    /// Replaces the groups, which `$1` to `$9` mean from here on; an empty list makes them empty.
    public void captures(List<String> groups) {
        captures = groups;
    }

    /// A variable that was set on the way: a named group, or one by a directive.
    public Optional<String> variable(String name) {
        return variables == null ? Optional.empty() : Optional.ofNullable(variables.get(name));
    }

    /// Begins the evaluation of a variable that may need others. [#endEvaluation] ends it.
    ///
    /// @throws UncheckedFailure at the 101st variable within one another: they would never end
    public void beginEvaluation(String name) {
        if (evaluating == DEEPEST_EVALUATION) {
            throw new UncheckedFailure(Failure.here(Failure.What.REFUSED, "cycle while evaluating variable \"" + name + "\""));
        }
        evaluating++;
    }

    /// Ends the evaluation that [#beginEvaluation] began last.
    public void endEvaluation() {
        evaluating--;
    }

    /// Sets a variable for the rest of the exchange. Subrequests that share its variables see the value too.
    ///
    /// @param name without the dollar sign
    public void setVariable(String name, String value) {
        variables().put(name, value);
    }

    private Map<String, String> variables() {
        Map<String, String> known = variables;
        if (known == null) {
            known = new HashMap<>();
            variables = known;
        }
        return known;
    }

    /// The status that the answer gets whatever its handler says, because it is an error page. Conditions and
    /// ranges of the request do not count then.
    public Optional<Status> pageStatus() {
        return Optional.ofNullable(pageStatus);
    }

    /// Sets the status that replaces the one of the handler; empty to keep the handler's.
    public void pageStatus(Optional<Status> status) {
        pageStatus = status.orElse(null);
    }
}
