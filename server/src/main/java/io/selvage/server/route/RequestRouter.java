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
import io.selvage.server.http.Handler;
import io.selvage.server.http.Headers;
import io.selvage.server.http.Method;
import io.selvage.server.http.Refusal;
import io.selvage.server.http.ResponseHead;
import io.selvage.server.http.Status;
import io.selvage.server.http.Target;
import io.selvage.server.http.UriBytes;
import io.selvage.server.observe.Severity;
import java.util.Optional;
import java.util.Set;

/// The way of one exchange through a site: to a location, from there by internal redirects and error pages to others, until
/// there is an answer to send. The only place where a [Failure] becomes an answer.
final class RequestRouter {
    /// Nobody knows what comes behind such a request, or what state it left us in.
    private static final Set<Integer> CLOSING = Set.of(400, 408, 413, 414, 495, 496, 497, 500, 501);
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
    private static final String METHODS = "GET, HEAD, POST, PUT, DELETE, OPTIONS, PATCH";

    private final Site site;
    private final Exchange exchange;
    private Location at;
    private Headers carried = Headers.EMPTY;
    private boolean pages = true;                          // whether error pages may still be looked for
    private boolean lost;                                  // too many redirects: no more of them, not even to a page

    RequestRouter(Site site, Exchange exchange) {
        this.site = site;
        this.exchange = exchange;
        this.at = site.root();
    }

    Answer answer() {
        return settle(attempt(_ -> enter()));
    }

    Answer refused(Refusal why) {
        at.finish().errors().log(Severity.INFO, exchange, why.reason());
        exchange.outcome().closeAfter();
        return settle(why.status().equals(Status.METHOD_NOT_ALLOWED) ? notAllowed() : new StatusOnly(why.status()));
    }

    void log() {
        at.finish().logs().forEach(log -> log.log(exchange));
    }

    private Answer settle(Answer first) {
        Answer answer = first;
        while (true) {
            switch (answer) {
                case InternalRedirect(var path, var query) -> answer = attempt(_ -> elsewhere(path, query));
                case NamedLocation(var name) -> answer = attempt(_ -> named(name));
                case StatusOnly bare -> {
                    Optional<Answer> page = errorPage(bare);
                    if (page.isEmpty()) {
                        return builtIn(bare);
                    }
                    answer = page.get();
                }
                case Reply reply -> {
                    return at.finish().reply(exchange, reply, carried);
                }
                case Upgraded upgraded -> {
                    return at.finish().upgraded(exchange, upgraded);
                }
                case CloseSilently hangup -> {
                    return hangup;
                }
            }
        }
    }

    private Answer enter() throws Failure {
        Method method = exchange.routing().method();
        if (method.equals(Method.TRACE) || method.equals(Method.CONNECT)) {
            return notAllowed();
        }
        if (exchange.request().target().form() == Target.Form.ASTERISK) {
            return method.equals(Method.OPTIONS)
                    ? new Reply(new ResponseHead(Status.OK, Headers.of("Allow", METHODS)), Body.NONE)
                    : new StatusOnly(Status.BAD_REQUEST);
        }
        return locate();
    }

    private static StatusOnly notAllowed() {
        return new StatusOnly(Status.METHOD_NOT_ALLOWED, Headers.of("Allow", METHODS));
    }

    private Answer locate() throws Failure {
        at = site.root();
        for (RequestFilter step : site.first()) {
            Optional<Answer> early = step.take(exchange);
            if (early.isPresent()) {
                return early.get();
            }
        }
        LocationTree.Found found = site.locations().find(exchange).orElse(new LocationTree.Found.Place(site.root()));
        return switch (found) {
            case LocationTree.Found.Place(var location) -> within(location);
            case LocationTree.Found.Slash(var location) -> {
                at = location;
                yield addSlash();
            }
        };
    }

    private Answer within(Location location) throws Failure {
        at = location;
        if (location.internal() && !exchange.routing().isInternal()) {
            return new StatusOnly(Status.NOT_FOUND);
        }
        return location.handler().handle(exchange);
    }

    private Answer addSlash() {
        String query = exchange.routing().query().isEmpty() ? "" : "?" + exchange.routing().query();
        return new StatusOnly(Status.MOVED_PERMANENTLY,
                Headers.of("Location", UriBytes.encode(exchange.routing().path()) + "/" + query));
    }

    private Answer elsewhere(String path, String query) throws Failure {
        try {
            exchange.routing().redirect(path, query);
        } catch (Failure circle) {
            lost = true;
            throw circle;
        }
        return locate();
    }

    private Answer named(String name) throws Failure {
        try {
            exchange.routing().countRedirect();
        } catch (Failure circle) {
            lost = true;
            throw circle;
        }
        Location location = site.named(name).orElseThrow(
                () -> Failure.here(Failure.What.REFUSED, "could not find named location \"" + name + "\""));
        return within(location);
    }

    /// What stands in for an answer without words, if anything may.
    private Optional<Answer> errorPage(StatusOnly bare) {
        Status status = bare.status();
        if (CLOSING.contains(status.code())) {
            exchange.outcome().closeAfter();
        }
        if (lost || !pages || status.equals(Status.CLIENT_CLOSED)) {
            return Optional.empty();
        }
        pages = at.finish().pagesOfPages();
        Optional<ErrorPage> page = at.finish().errorPage(status);
        return page.map(shown -> standIn(shown, bare));
    }

    private Answer standIn(ErrorPage page, StatusOnly bare) {
        Optional<Status> status = switch (page.shown()) {
            case ErrorPage.Shown.Original() -> Optional.of(bare.status());
            case ErrorPage.Shown.Own() -> Optional.empty();
            case ErrorPage.Shown.Fixed(var fixed) -> Optional.of(fixed);
        };
        String target = page.target().apply(exchange);
        if (!target.startsWith("/") && !target.startsWith("@")) {
            Status redirect = status.filter(s -> REDIRECTS.contains(s.code())).orElse(Status.FOUND);
            pages = false;
            return new StatusOnly(redirect, bare.headers().replacing("Location", target));
        }
        carried = bare.headers();
        exchange.routing().pageStatus(status);
        if (target.startsWith("@")) {
            return new NamedLocation(target);
        }
        exchange.routing().methodOfPage();
        int mark = target.indexOf('?');
        return mark < 0 ? new InternalRedirect(target, "")
                : new InternalRedirect(target.substring(0, mark), target.substring(mark + 1));
    }

    private Reply builtIn(StatusOnly bare) {
        exchange.routing().pageStatus(Optional.empty());
        if (bare.status().equals(Status.CLIENT_CLOSED)) {
            exchange.outcome().closeAfter();
            return new Reply(new ResponseHead(bare.status(), Headers.EMPTY), Body.NONE);
        }
        return at.finish().page(exchange, bare);
    }

    private Answer attempt(Handler handler) {
        try {
            return handler.handle(exchange);
        } catch (Failure failure) {
            return failed(failure);
        } catch (RuntimeException | StackOverflowError bug) {
            return failed(Failure.bug(bug));
        }
    }

    private StatusOnly failed(Failure failure) {
        if (failure.what() == Failure.What.BUG) {
            at.finish().errors().bug(exchange, Optional.ofNullable(failure.getCause()).orElse(failure));
        } else {
            at.finish().errors().log(severity(failure), exchange, failure.detail());
        }
        if (failure.where() == Failure.Where.DOWNSTREAM) {
            exchange.outcome().closeAfter();
        }
        return new StatusOnly(failure.status());
    }

    /// What clients do wrong is not worth the attention that our own and our peers' failures are.
    private static Severity severity(Failure failure) {
        return switch (failure.where()) {
            case DOWNSTREAM -> failure.what() == Failure.What.TOO_LARGE ? Severity.ERROR : Severity.INFO;
            case UPSTREAM, HERE -> Severity.ERROR;
        };
    }
}
