package io.selvage.server.route;

import io.selvage.server.http.Answer;
import io.selvage.server.http.Answer.CloseSilently;
import io.selvage.server.http.Answer.InternalRedirect;
import io.selvage.server.http.Answer.NamedLocation;
import io.selvage.server.http.Answer.Reply;
import io.selvage.server.http.Answer.StatusOnly;
import io.selvage.server.http.AnswerUnknown;
import io.selvage.server.http.Authority;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Explanation;
import io.selvage.server.http.Failure;
import io.selvage.server.http.FilterResult;
import io.selvage.server.http.FinalAnswer;
import io.selvage.server.http.Headers;
import io.selvage.server.http.Router;
import io.selvage.server.http.Status;
import java.util.List;
import java.util.Optional;

/// A router that explains its decisions. They are those of [RequestRouter], which makes them; this class looks at each step
/// before and after it. Handlers and filters that would ask another server, or count something, explain themselves instead of
/// being run.
final class ExplainingRouter extends RequestRouter {
    private final Explanation root;
    private Explanation into;                              // the root, or the `if` whose block runs
    private boolean siteKnown;

    /// @param refused the status that the request gets instead of an answer
    /// @param root gets the steps; it becomes the explanation of the exchange
    ExplainingRouter(Sites sites, Exchange exchange, Optional<Status> refused, Explanation root) {
        super(sites, exchange, refused);
        this.root = root;
        this.into = root;
        exchange.state(Explanation.class, () -> root);
    }

    /// Nothing is asked on the way to an explanation.
    @Override
    public Router subrequest(Exchange child) {
        throw new AnswerUnknown("a subrequest");
    }

    @Override
    public FinalAnswer route() throws Failure {
        try {
            FinalAnswer answer = super.route();
            if (answer instanceof CloseSilently silence) {
                root.add("response", "", "none: the connection is closed").with("known", true);
                root.with("closed", silence.isOrdered());
            }
            return answer;
        } catch (AnswerUnknown unknown) {
            describeResponse(unknown.who());
            return new CloseSilently();
        }
    }

    @Override
    public FinalAnswer routeFailure(Failure failure) throws Failure {
        root.add("failure", failure.status().toString(), failure.detail());
        return super.routeFailure(failure);
    }

    private void describeResponse(String who) {
        Explanation response = root.add("response", "", "as " + who + " answers, then through the filters of the location");
        response.with("known", false);
        for (ResponseFilter filter : location().responseFilters()) {
            response.add("filter", filter.directive(), filter.describe(exchange()));
        }
    }

    @Override
    public void log() {
        for (var log : location().policy().logs()) {
            root.add("log", "access_log", log.describe(exchange()));
        }
        String errors = location().policy().errors().describe();
        if (!errors.isEmpty()) {
            root.add("log", "error_log", errors);
        }
    }

    @Override
    Step findSite() {
        Step next = super.findSite();
        String host = exchange().routing().authority().map(Authority::host).orElse("");
        if (!siteKnown) {
            siteKnown = true;
            String name = site().name().isEmpty() ? "_" : site().name();
            root.add("site", name, sites().why(host, site()) + at(site().root())).with("site", name);
            root.with("site", name);
        }
        if (!site().certificates().isOff() && exchange().client().secure()) {
            root.add("access", "ssl_verify_client", "is not judged here: the request has no certificate");
        }
        if (next == Step.FOLLOW_ANSWER) {
            root.add("refused", "", exchange().refusal().map(why -> why.reason() + ": no location is looked for")
                    .orElse("the site itself answers: no location is looked for"));
        }
        return next;
    }

    private static String at(Location location) {
        String at = ConfigLine.of(location);
        return at.isEmpty() ? "" : " (" + at + ")";
    }

    @Override
    public boolean holds(Condition condition, Exchange exchange) {
        boolean holds = super.holds(condition, exchange);
        into.says(holds ? "holds" : "does not hold");
        return holds;
    }

    @Override
    public FilterResult run(Rewrite rewrite, Exchange exchange) throws Failure {
        String words = rewrite.describe(exchange);
        String before = uri(exchange);
        String client = exchange.remoteHost();
        String set = rewrite instanceof SetVariable variable ? variable.value().apply(exchange) : "";
        if (words.isEmpty()) {
            FilterResult result = super.run(rewrite, exchange);
            if (result != FilterResult.CONTINUE) {
                root.add("rewrite", Explanation.nameOf(rewrite), joined("", consequence(result, before, uri(exchange))));
            }
            if (!client.equals(exchange.remoteHost())) {
                root.add("client", exchange.remoteHost(), "as named by the trusted proxy " + client);
            }
            return result;
        }
        Explanation outer = into;
        Explanation step = outer.add("rewrite", words, "");
        into = step;
        try {
            FilterResult result = super.run(rewrite, exchange);
            if (result instanceof Answer) {
                root.with("handler", "rewrite");
            }
            String text = switch (rewrite) {
                case If _ -> step.text();
                case SetVariable _ -> "to \"" + set + "\"";
                case RewritePath _, RewriteRedirect _ -> exchange.routing().captures().isEmpty()
                        ? "does not match " + exchange.routing().path() : "matches";
                case LimitExcept _ -> result == FilterResult.STOP ? "not for this method: its block applies" : "for this method";
                default -> "";
            };
            step.says(joined(text, consequence(result, before, uri(exchange))));
            return result;
        } finally {
            into = outer;
        }
    }

    private static String joined(String text, String consequence) {
        return text.isEmpty() && !consequence.isEmpty() ? consequence.substring(2) : text + consequence;
    }

    private static String consequence(FilterResult result, String before, String after) {
        String changed = before.equals(after) ? "" : ", the URI is now " + after;
        return changed + switch (result) {
            case FilterResult.Continue() -> "";
            case FilterResult.Stop() -> ", what follows is left out";
            case StatusOnly status -> ", answers " + status.status().code()
                    + status.headers().first("Location").map(to -> " to " + to).orElse("");
            case Reply reply -> ", answers " + reply.head().status().code();
            case CloseSilently _ -> ", closes the connection without an answer";
            case InternalRedirect _, NamedLocation _, Answer.Upgraded _ -> "";
        };
    }

    private static String uri(Exchange exchange) {
        String query = exchange.routing().query();
        return exchange.routing().path() + (query.isEmpty() ? "" : "?" + query);
    }

    @Override
    Step findLocation() throws Failure {
        String path = exchange().routing().path();
        try {
            return super.findLocation();
        } finally {
            boolean none = location() == site().root();
            Explanation step = root.add("location", none ? "none" : location().match().written(),
                    (none ? "no location is for " : "for ") + path + at(location()));
            step.with("location", none ? "" : location().match().written());
            site().locations().explain(path, none ? Optional.empty() : Optional.of(location()), step);
            describeInternal();
        }
    }

    private void describeInternal() {
        root.with("location", location() == site().root() ? "" : location().match().written());
        if (location().options().internal()) {
            root.add("internal", "", exchange().routing().isInternal() ? "for internal redirects, which this is"
                    : "for internal redirects only, which this is not: 404");
        }
    }

    @Override
    Step enterNamed(NamedLocation to) throws Failure {
        Step next = super.enterNamed(to);
        root.add("location", to.name(), "by its name" + at(location())).with("location", to.name());
        describeInternal();
        return next;
    }

    @Override
    Step redirect(InternalRedirect to) throws Failure {
        String query = to.query().isEmpty() ? "" : "?" + to.query();
        root.add("redirect", to.path() + query, "internal: the rewrites of the site run again, then a location is looked for");
        return super.redirect(to);
    }

    @Override
    Step filter(List<RequestFilter> filters, Step next) throws Failure {
        return super.filter(filters.stream().<RequestFilter>map(each -> exchange -> each.explain(exchange, root)).toList(), next);
    }

    @Override
    Answer content() throws Failure {
        try {
            return location().handler().explain(exchange(), root);
        } finally {
            root.all("content").getLast().value("handler").ifPresent(handler -> root.with("handler", handler));
        }
    }

    @Override
    Step findErrorPage(StatusOnly answered) {
        Step next = super.findErrorPage(answered);
        root.add("status", answered.status().toString().strip(), switch (answer()) {
            case InternalRedirect to -> "error_page " + to.path();
            case NamedLocation to -> "error_page " + to.name();
            case Reply _ -> "without an error_page of the location: the built-in page";
            default -> "";
        });
        return next;
    }

    @Override
    Step filterResponse(Reply reply) {
        Explanation response = root.add("response", "", "");
        Location real = location();
        location(new Location(real.match(), real.options(), real.rewrites(), real.requestFilters(), real.handler(),
                real.responseFilters().stream().<ResponseFilter>map(each -> new Observed(each, response)).toList(),
                real.policy(), real.nested()));
        try {
            return super.filterResponse(reply);
        } finally {
            location(real);
            exchange().outcome().head().ifPresent(head -> {
                response.says(head.status().toString().strip());
                response.with("known", true).with("status", head.status().code());
                root.with("status", head.status().code());
                response.add("head", "", "fields, besides those of the connection:").add("bytes", "", text(head.headers()));
            });
        }
    }

    private static String text(Headers headers) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < headers.size(); i++) {
            text.append(headers.name(i)).append(": ").append(headers.value(i)).append('\n');
        }
        return text.toString();
    }

    /// A filter of responses, with what it changes.
    private record Observed(ResponseFilter filter, Explanation response) implements ResponseFilter {

        @Override
        public Answer filter(Exchange exchange, Reply reply) {
            String before = reply.head().status().code() + "\n" + text(reply.head().headers());
            String whyNot = filter.whyUnchanged(exchange, reply);
            Answer answer = filter.filter(exchange, reply);
            String text = switch (answer) {
                case Reply same when same == reply || before.equals(
                        same.head().status().code() + "\n" + text(same.head().headers())) ->
                    whyNot.isEmpty() ? "changes nothing" : "changes nothing: " + whyNot;
                case Reply changed -> changes(reply, changed);
                default -> "answers in its place";
            };
            response.add("filter", filter.directive(), text);
            return answer;
        }

        @Override
        public boolean isForSubrequests() {
            return filter.isForSubrequests();
        }

        private static String changes(Reply before, Reply after) {
            StringBuilder text = new StringBuilder();
            if (!before.head().status().equals(after.head().status())) {
                text.append(", status ").append(after.head().status().code());
            }
            added(after.head().headers(), before.head().headers(), ", adds ", text);
            added(before.head().headers(), after.head().headers(), ", removes ", text);
            return text.isEmpty() ? "changes the body" : text.substring(2);
        }

        private static void added(Headers fields, Headers others, String what, StringBuilder text) {
            for (int i = 0; i < fields.size(); i++) {
                if (!others.all(fields.name(i)).contains(fields.value(i))) {
                    text.append(what).append(fields.name(i)).append(": ").append(fields.value(i));
                }
            }
        }
    }
}
