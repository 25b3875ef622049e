package io.selvage.server.route;

import io.selvage.server.http.Answer;
import io.selvage.server.http.Answer.CloseSilently;
import io.selvage.server.http.Answer.InternalRedirect;
import io.selvage.server.http.Answer.NamedLocation;
import io.selvage.server.http.Answer.Reply;
import io.selvage.server.http.Answer.StatusOnly;
import io.selvage.server.http.Answer.Upgraded;
import io.selvage.server.http.Body;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Failure;
import io.selvage.server.http.FilterResult;
import io.selvage.server.http.FinalAnswer;
import io.selvage.server.http.Headers;
import io.selvage.server.http.Method;
import io.selvage.server.http.Refusal;
import io.selvage.server.http.ResponseHead;
import io.selvage.server.http.Router;
import io.selvage.server.http.Status;
import io.selvage.server.http.Target;
import io.selvage.server.http.UriBytes;
import io.selvage.server.observe.ErrorLog;
import io.selvage.server.observe.ExchangeLog;
import io.selvage.server.observe.Severity;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What happens to one request. [#route] shows all of it, step by step, in the order of nginx's phases.
///
/// A step that throws ends [#route]; [io.selvage.server.http.ExchangeRunner] then gets the response from [#routeFailure].
class RequestRouter implements Router, Rewrite.Entry {
    /// After these statuses the connection is closed: the start of the next request or the state of this one is unknown.
    private static final Set<Integer> CLOSING = Set.of(400, 408, 413, 414, 495, 496, 497, 500, 501, 507);
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
    private static final StatusOnly NOT_FOUND = new StatusOnly(Status.NOT_FOUND);
    /// The words of nginx.
    private static final String SLOW_READER = "client timed out (110: Connection timed out) while sending response to client";
    private static final String METHODS = "GET, HEAD, POST, PUT, DELETE, OPTIONS, PATCH";

    enum Step {
        FIND_SITE, SERVER_REWRITES, FIND_LOCATION, LOCATION_REWRITES, AFTER_REWRITES, LIMITS_AND_ACCESS, CONTENT, FOLLOW_ANSWER
    }

    private final Sites sites;
    private final Exchange exchange;
    private final Optional<Status> refused;                // instead of an answer
    private Step step = Step.FIND_SITE;
    private Site site;
    private Location location;
    private Answer answer = NOT_FOUND;
    private Headers fieldsOfStatus = Headers.EMPTY;        // of the status for which an error page is looked for
    private boolean errorPages = true;                     // whether one may still be looked for: an error page has none
    private @Nullable FinalAnswer ready;                   // once there is nothing left to do

    /// @param refused the status that the request gets instead of an answer
    RequestRouter(Sites sites, Exchange exchange, Optional<Status> refused) {
        this.sites = sites;
        this.exchange = exchange;
        this.refused = refused;
        this.site = sites.standard();
        this.location = site.root();
    }

    /// Of a subrequest.
    private RequestRouter(RequestRouter of, Exchange exchange) {
        this.sites = of.sites;
        this.exchange = exchange;
        this.refused = Optional.empty();
        this.site = of.site;
        this.location = of.location;
        this.step = Step.SERVER_REWRITES;
    }

    @Override
    public Router subrequest(Exchange child) {
        return new RequestRouter(this, child);
    }

    /// The path of a request. Each line is a step and returns the next one: the line below, unless its comment names another.
    @Override
    public FinalAnswer route() throws Failure {
        FinalAnswer complete = ready;
        while (complete == null) {
            step = switch (step) {
                case FIND_SITE -> findSite();                          // by the host; a refused head is answered
                case SERVER_REWRITES -> rewrite(site.rewrites(), Step.FIND_LOCATION);
                case FIND_LOCATION -> findLocation();                  // by the path; 301 where only a slash is missing
                case LOCATION_REWRITES -> rewrite(location.rewrites(), Step.AFTER_REWRITES);
                case AFTER_REWRITES -> afterRewrites();                // to the location of a new path; at most ten times
                case LIMITS_AND_ACCESS -> filter(location.requestFilters(), Step.CONTENT);
                case CONTENT -> answered(content());
                case FOLLOW_ANSWER -> switch (answer) {
                    case InternalRedirect to -> redirect(to);          // to the rewrites of the server; at most ten times
                    case NamedLocation to -> enterNamed(to);           // to the rewrites of that location
                    case StatusOnly status -> findErrorPage(status);   // a redirect to it, else the built-in page
                    case Reply reply -> filterResponse(reply);         // conditions, fields, compression, ranges
                    case Upgraded upgraded -> send(ResponseFinisher.upgraded(exchange, location.policy(), upgraded));
                    case CloseSilently silence -> send(silence);
                };
            };
            complete = ready;
        }
        return complete;                                               // log() is called when it was sent
    }

    @Override
    public FinalAnswer routeFailure(Failure failure) throws Failure {
        if (!failure.isLogged()) {
            log(failure);
        }
        if (failure.where() == Failure.Where.DOWNSTREAM || failure.what() == Failure.What.NO_SPACE) {
            exchange.dropBody();                               // it came late, not at all, or is too large
        }
        ready = null;
        step = answered(new StatusOnly(failure.status(), failure.fields()));
        return route();
    }

    @Override
    public void log() {
        if (exchange.isSubrequest() && !location.policy().logsSubrequests()) {
            return;
        }
        if (exchange.outcome().isSlowReader()) {
            location.policy().errors().log(Severity.INFO, exchange, SLOW_READER);
        }
        List<ExchangeLog> logs = location.policy().logs();
        for (int i = 0; i < logs.size(); i++) {
            logs.get(i).log(exchange);
        }
    }

    /// The answer of the location's handler.
    Answer content() throws Failure {
        return location.handler().handle(exchange);
    }

    final Exchange exchange() {
        return exchange;
    }

    final Sites sites() {
        return sites;
    }

    final Site site() {
        return site;
    }

    final Location location() {
        return location;
    }

    /// Sets the location without a change of the exchange.
    final void location(Location other) {
        location = other;
    }

    final Answer answer() {
        return answer;
    }

    private Step answered(Answer given) {
        answer = given;
        return Step.FOLLOW_ANSWER;
    }

    private Step send(FinalAnswer complete) {
        ready = complete;
        return step;
    }

    Step findSite() {
        Optional<Refusal> refusal = exchange.refusal();
        boolean hostUnknown = refusal.isPresent() && exchange.routing().authority().isEmpty();
        enterSite(hostUnknown ? sites.standard() : sites.find(exchange));
        if (refusal.isPresent()) {
            return refused(refusal.get());
        }
        if (refused.isPresent()) {
            return answered(new StatusOnly(refused.get()));
        }
        if (!site.certificates().isOff()) {
            Optional<ClientCertificateRule.Refused> why = checkCertificate();
            if (why.isPresent()) {
                location.policy().errors().log(Severity.INFO, exchange, why.get().reason());
                return answered(why.get().answer());
            }
        }
        Method method = exchange.request().method();
        if (method.equals(Method.TRACE) || method.equals(Method.CONNECT)) {
            return answered(notAllowed());
        }
        if (exchange.request().target().form() == Target.Form.ASTERISK) {
            return answered(method.equals(Method.OPTIONS)
                    ? new Reply(new ResponseHead(Status.OK, Headers.of("Allow", METHODS)), Body.NONE)
                    : new StatusOnly(Status.BAD_REQUEST));
        }
        return Step.SERVER_REWRITES;
    }

    /// On a connection without TLS there is no certificate to check, as in nginx.
    private Optional<ClientCertificateRule.Refused> checkCertificate() {
        return exchange.client().tls().flatMap(tls -> {
            Site handshake = tls.serverName().map(sites::named).orElse(sites.standard());
            return site.certificates().check(tls, handshake.certificates(), tls.serverName().isPresent());
        });
    }

    private void enterSite(Site found) {
        site = found;
        location = found.root();
        location.options().enter(exchange);
        exchange.routing().siteName(found.name());
    }

    private Step refused(Refusal why) {
        location.policy().errors().log(Severity.INFO, exchange, why.reason());
        exchange.outcome().closeAfter();
        if (why.status().equals(Status.HEADER_FIELDS_TOO_LARGE)
                && location.policy().errorPage(ErrorPage.HEAD_TOO_LARGE).isPresent()) {
            return answered(new StatusOnly(ErrorPage.HEAD_TOO_LARGE));
        }
        return answered(why.status().equals(Status.METHOD_NOT_ALLOWED) ? notAllowed() : new StatusOnly(why.status()));
    }

    private static StatusOnly notAllowed() {
        return new StatusOnly(Status.METHOD_NOT_ALLOWED, Headers.of("Allow", METHODS));
    }

    Step filter(List<RequestFilter> filters, Step next) throws Failure {
        for (int i = 0; i < filters.size(); i++) {
            switch (filters.get(i).filter(exchange)) {
                case FilterResult.Continue() -> { }
                case FilterResult.Stop() -> {
                    return next;
                }
                case Answer early -> {
                    return answered(early);
                }
            }
        }
        return next;
    }

    private Step rewrite(List<Rewrite> rewrites, Step next) throws Failure {
        return Rewrite.runAll(rewrites, exchange, this) instanceof Answer early ? answered(early) : next;
    }

    @Override
    public void enter(Location settings) {
        location = settings;
        settings.options().enter(exchange);
    }

    private Step afterRewrites() throws Failure {
        if (!exchange.routing().takeLocationSought()) {
            return Step.LIMITS_AND_ACCESS;
        }
        exchange.routing().countRedirect("processing", exchange.routing().path());
        enter(site.root());
        return Step.FIND_LOCATION;
    }

    Step findLocation() throws Failure {
        exchange.routing().takeLocationSought();
        Optional<LocationTree.Found> found = site.locations().find(exchange);
        if (found.isEmpty()) {
            return enterLocation(site.root());
        }
        return switch (found.get()) {
            case LocationTree.Found.Place(var place) -> enterLocation(place);
            case LocationTree.Found.Slash(var place) -> {
                location = place;
                yield answered(addSlash());
            }
        };
    }

    private Step enterLocation(Location found) throws Failure {
        location = found;
        if (found.options().internal() && !exchange.routing().isInternal()) {
            return answered(NOT_FOUND);
        }
        found.options().apply(exchange);
        return Step.LOCATION_REWRITES;
    }

    private StatusOnly addSlash() {
        String query = exchange.routing().query().isEmpty() ? "" : "?" + UriBytes.encodeUnsafe(exchange.routing().query());
        return new StatusOnly(Status.MOVED_PERMANENTLY,
                Headers.of("Location", UriBytes.encode(exchange.routing().path()) + "/" + query));
    }

    Step redirect(InternalRedirect to) throws Failure {
        exchange.routing().redirect(to.path(), to.query());
        enter(site.root());
        return Step.SERVER_REWRITES;
    }

    Step enterNamed(NamedLocation to) throws Failure {
        exchange.routing().countRedirect("redirecting to named location", to.name());
        exchange.routing().takeLocationSought();
        return enterLocation(site.locations().named(to.name()).orElseThrow(
                () -> Failure.here(Failure.What.REFUSED, "could not find named location \"" + to.name() + "\"")));
    }

    Step findErrorPage(StatusOnly answered) {
        Status status = answered.status();
        if (CLOSING.contains(status.code())) {
            exchange.outcome().closeAfter();
        }
        if (status.equals(Status.CLIENT_CLOSED)) {
            exchange.outcome().closeAfter();
            return send(new CloseSilently(status));
        }
        if (!exchange.hasPages()) {
            return send(new Reply(new ResponseHead(status, answered.headers()), Body.NONE));
        }
        Optional<ErrorPage> page = errorPages && !exchange.routing().isRedirectLimitPassed()
                ? location.policy().errorPage(status) : Optional.empty();
        errorPages = errorPages && (location.policy().recursivePages() || location.policy().errorPages().isEmpty());
        if (page.isPresent()) {
            return answered(inPlaceOf(answered, page.get()));
        }
        return answered(builtInPage(answered));
    }

    private Reply builtInPage(StatusOnly answered) {
        fieldsOfStatus = Headers.EMPTY;
        exchange.routing().pageStatus(Optional.empty());
        return ResponseFinisher.builtInPage(exchange, location.policy(), answered);
    }

    private Answer inPlaceOf(StatusOnly answered, ErrorPage page) {
        Optional<Status> status = switch (page.shown()) {
            case ErrorPage.Shown.Original() -> Optional.of(ErrorPage.shown(answered.status()));
            case ErrorPage.Shown.Own() -> Optional.empty();
            case ErrorPage.Shown.Fixed(var fixed) -> Optional.of(fixed);
        };
        String target = page.target().apply(exchange);
        if (!target.startsWith("/") && !target.startsWith("@")) {
            Status redirect = status.filter(s -> REDIRECTS.contains(s.code())).orElse(Status.FOUND);
            return builtInPage(new StatusOnly(redirect, answered.headers().replacing("Location", target)));
        }
        fieldsOfStatus = location.policy().redirects().written(answered.headers(), exchange);
        exchange.routing().pageStatus(status);
        if (target.startsWith("@")) {
            return new NamedLocation(target);
        }
        exchange.routing().methodOfPage();
        int mark = target.indexOf('?');
        return mark < 0 ? new InternalRedirect(target, "")
                : new InternalRedirect(target.substring(0, mark), target.substring(mark + 1));
    }

    Step filterResponse(Reply reply) {
        Answer filtered = ResponseFinisher.reply(exchange, location, reply, fieldsOfStatus);
        return filtered instanceof Reply complete ? send(complete) : answered(filtered);
    }

    private void log(Failure failure) {
        ErrorLog errors = location.policy().errors();
        if (failure.what() == Failure.What.BUG) {
            errors.bug(exchange, Optional.ofNullable(failure.getCause()).orElse(failure));
        } else {
            errors.log(severity(failure), exchange, failure.detail());
        }
    }

    /// A client's mistakes are logged below our own and our peers' failures.
    private static Severity severity(Failure failure) {
        return switch (failure.where()) {
            case DOWNSTREAM -> failure.what() == Failure.What.TOO_LARGE ? Severity.ERROR : Severity.INFO;
            case UPSTREAM, HERE -> Severity.ERROR;
        };
    }
}
