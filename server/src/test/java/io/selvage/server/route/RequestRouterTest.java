package io.selvage.server.route;

import io.selvage.server.http.Answer;
import io.selvage.server.http.Answer.InternalRedirect;
import io.selvage.server.http.Answer.NamedLocation;
import io.selvage.server.http.Body;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Failure;
import io.selvage.server.http.FakeClient;
import io.selvage.server.http.Handler;
import io.selvage.server.http.Headers;
import io.selvage.server.http.Method;
import io.selvage.server.http.ResponseHead;
import io.selvage.server.http.Status;
import io.selvage.server.http.Text;
import io.selvage.server.route.ErrorPage.Shown;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

class RequestRouterTest {
    private static final Shown SAME = new Shown.Original();
    private static final Shown OWN = new Shown.Own();

    private static Exchange get(String path) {
        return FakeClient.asks("GET " + path + " HTTP/1.1", "Host: example.org");
    }

    private static Location root(Handler handler, ErrorPage... pages) {
        return new Location(new Match.Prefix(""), handler, Sample.pages(pages));
    }

    private static Location named(String name, Handler handler) {
        return new Location(new Match.Named(name), handler, Sample.PLAIN);
    }

    private static Location internal(String path, Handler handler) {
        return new Location(new Match.Exact(path), true, false, handler, Sample.PLAIN, List.of());
    }

    @Test
    void aStatusWithoutWordsGetsABuiltInPage() {
        Answer answer = Sample.site(root(Sample.bare(404))).handle(get("/x"));
        assertEquals(404, Sample.status(answer));
        assertEquals("text/html", Sample.field(answer, "Content-Type"));
        assertEquals("selvage", Sample.field(answer, "Server"));
        assertTrue(Sample.body(answer).contains("<h1>404 Not Found</h1>"), Sample.body(answer));
        assertTrue(Sample.body(answer).contains("<center>selvage</center>"), Sample.body(answer));
    }

    @Test
    void whatAPeerSaysOfAFileGoesWithTheFileButNotWithAnError() {
        Handler peer = exchange -> {
            exchange.beginUpstream().replacements(Headers.of("Content-Type", "video/mp4"));
            return new InternalRedirect(exchange.routing().query(), "");
        };
        Handler file = _ -> new Answer.Reply(new ResponseHead(Status.OK, Headers.of("Content-Type", "text/plain")), Body.NONE);
        Site site = Sample.site(root(peer), Sample.exact("/file", file), Sample.exact("/none", Sample.bare(404)));
        assertEquals("video/mp4", Sample.field(site.handle(get("/x?/file")), "Content-Type"));
        assertEquals("text/html", Sample.field(site.handle(get("/x?/none")), "Content-Type"));
    }

    @Test
    void aRedirectHasAPageToo() {
        Answer answer = Sample.site(root(Sample.bare(302, "Location", "/y"))).handle(get("/x"));
        assertEquals("http://example.org:8080/y", Sample.field(answer, "Location"));
        assertTrue(Sample.body(answer).contains("<title>302 Found</title>"), Sample.body(answer));
    }

    @Test
    void noContentHasNoPage() {
        Answer answer = Sample.site(root(Sample.bare(204))).handle(get("/x"));
        assertEquals("", Sample.body(answer));
        assertEquals("-", Sample.field(answer, "Content-Type"));
    }

    @Test
    void anErrorPageKeepsTheStatusAndTheFields() {
        Site site = Sample.site(root(Sample.bare(401, "WWW-Authenticate", "Basic"), Sample.page(401, SAME, "/401.html")),
                Sample.exact("/401.html", Sample.text(200, "who are you?")));
        Exchange exchange = get("/x");
        Answer answer = site.handle(exchange);
        assertEquals("401 who are you?", Sample.status(answer) + " " + Sample.body(answer));
        assertEquals("Basic", Sample.field(answer, "WWW-Authenticate"));
        assertEquals(Optional.of(Status.UNAUTHORIZED), exchange.routing().pageStatus());
    }

    @Test
    void anErrorPageMayChangeTheStatus() {
        Site site = Sample.site(root(Sample.bare(404), Sample.page(404, new Shown.Fixed(Status.OK), "/empty")),
                Sample.exact("/empty", Sample.text(207, "nothing")));
        assertEquals(200, Sample.status(site.handle(get("/x"))));
    }

    @Test
    void anErrorPageMayTellItsOwnStatus() {
        Site site = Sample.site(root(Sample.bare(404), Sample.page(404, OWN, "/found")),
                Sample.exact("/found", Sample.text(206, "here")));
        assertEquals(206, Sample.status(site.handle(get("/x"))));
    }

    @Test
    void anErrorPageIsAskedForByGet() {
        Handler tells = e -> Sample.text(200, e.routing().method() + " " + e.routing().path() + "?"
                + e.routing().query()).handle(e);
        Site site = Sample.site(root(Sample.bare(405), Sample.page(405, SAME, "/page?a=1")), Sample.exact("/page", tells));
        assertEquals("GET /page?a=1", Sample.body(site.handle(FakeClient.asks("POST /x HTTP/1.1", "Host: a"))));
        assertEquals("HEAD /page?a=1", Sample.body(site.handle(FakeClient.asks("HEAD /x HTTP/1.1", "Host: a"))));
    }

    @Test
    void aNamedPageKeepsMethodAndPath() {
        Handler tells = e -> Sample.text(200, e.routing().method() + " " + e.routing().path()).handle(e);
        Site site = Sample.site(root(Sample.bare(502), Sample.page(502, OWN, "@spare")), named("@spare", tells));
        assertEquals("POST /x", Sample.body(site.handle(FakeClient.asks("POST /x HTTP/1.1", "Host: a"))));
    }

    @Test
    void anErrorPageMayLieElsewhere() {
        Site site = Sample.site(root(Sample.bare(403), Sample.page(403, SAME, "https://other.org/no")));
        Answer answer = site.handle(get("/x"));
        assertEquals("302 https://other.org/no", Sample.status(answer) + " " + Sample.field(answer, "Location"));
        Site moved = Sample.site(root(Sample.bare(403),
                Sample.page(403, new Shown.Fixed(Status.MOVED_PERMANENTLY), "https://other.org/no")));
        assertEquals(301, Sample.status(moved.handle(get("/x"))));
    }

    @Test
    void aMissingErrorPageIsReplacedByTheBuiltInOne() {
        Site site = Sample.site(root(Sample.bare(404), Sample.page(404, SAME, "/404.html"), Sample.page(502, SAME, "/50x.html")),
                Sample.exact("/down", Sample.bare(502)));
        assertTrue(Sample.body(site.handle(get("/x"))).contains("404 Not Found"));
    }

    @Test
    void pagesOfPagesAreFollowedWhenAllowed() {
        ResponsePolicy recursive =
                new ResponsePolicy(List.of(Sample.page(404, SAME, "/gone"), Sample.page(410, SAME, "/last")), true, List.of(),
                Redirects.DEFAULT, "selvage", List.of(), Sample.PLAIN.errors());
        Location root = new Location(new Match.Prefix(""), Sample.bare(404), recursive);
        Site site = Sample.site(root, new Location(new Match.Exact("/gone"), Sample.bare(410), recursive),
                Sample.exact("/last", Sample.text(200, "the end")));
        Answer answer = site.handle(get("/x"));
        assertEquals("410 the end", Sample.status(answer) + " " + Sample.body(answer));
    }

    @Test
    void pagesThatTurnInACircleEnd() {
        ResponsePolicy recursive =
                new ResponsePolicy(List.of(Sample.page(404, SAME, "/again"), Sample.page(500, SAME, "/again")), true,
                List.of(), Redirects.DEFAULT, "selvage", List.of(), Sample.PLAIN.errors());
        Site site = Sample.site(new Location(new Match.Prefix(""), Sample.bare(404), recursive));
        assertEquals(500, Sample.status(site.handle(get("/x"))));
    }

    @Test
    void internalRedirectsThatTurnInACircleEnd() {
        Site site = Sample.site(root(_ -> new InternalRedirect("/x", "")));
        Exchange exchange = get("/x");
        assertEquals(500, Sample.status(site.handle(exchange)));
        assertTrue(exchange.outcome().isClosing());
        Site names = Sample.site(root(_ -> new NamedLocation("@a")), named("@a", _ -> new NamedLocation("@a")));
        assertEquals(500, Sample.status(names.handle(get("/x"))));
    }

    @Test
    void anInternalLocationIsHiddenFromOutside() {
        Handler root = e -> e.routing().path().equals("/door") ? new InternalRedirect("/secret", "a=b")
                : Sample.bare(404).handle(e);
        Site site = Sample.site(root(root),
                internal("/secret", e -> Sample.text(200, "secret " + e.routing().query()).handle(e)));
        assertEquals(404, Sample.status(site.handle(get("/secret"))));
        assertEquals("secret a=b", Sample.body(site.handle(get("/door"))));
    }

    @Test
    void aNamedLocationThatIsNotThereIsOurError() {
        assertEquals(500, Sample.status(Sample.site(root(_ -> new NamedLocation("@nowhere"))).handle(get("/x"))));
    }

    @Test
    void stepsOfTheSiteComeBeforeItsLocations() {
        Site site = new Site("", List.of(), List.of(e -> e.routing().path().equals("/old")
                ? Optional.of(new Answer.StatusOnly(Status.of(410))) : Optional.empty()), Sample.says("new"), List.of());
        assertEquals(410, Sample.status(site.handle(get("/old"))));
        assertEquals("new", Sample.body(site.handle(get("/x"))));
    }

    @ParameterizedTest(name = "{0} {1} becomes {2}")
    @CsvSource({
        "DOWNSTREAM, TIMED_OUT, 408", "DOWNSTREAM, TOO_LARGE, 413", "DOWNSTREAM, MALFORMED, 400",
        "UPSTREAM, TIMED_OUT, 504", "UPSTREAM, REFUSED, 502", "UPSTREAM, OVERLOADED, 503", "HERE, OVERLOADED, 503",
    })
    void aFailureBecomesAnAnswer(Failure.Where where, Failure.What what, int status) {
        Handler fails = _ -> {
            throw new Failure(where, what, true, "why", null);
        };
        Exchange exchange = get("/x");
        assertEquals(status, Sample.status(Sample.site(root(fails)).handle(exchange)));
        assertEquals(where == Failure.Where.DOWNSTREAM, exchange.outcome().isClosing());
    }

    @Test
    void aFailureMayHaveAnErrorPage() {
        Handler fails = _ -> {
            throw Failure.upstream(Failure.What.REFUSED, true, "nobody there");
        };
        Site site = Sample.site(root(fails, Sample.page(502, SAME, "/50x")), Sample.exact("/50x", Sample.text(200, "sorry")));
        Answer answer = site.handle(get("/x"));
        assertEquals("502 sorry", Sample.status(answer) + " " + Sample.body(answer));
    }

    @Test
    void aBugIsOurError() {
        Site site = Sample.site(root(_ -> {
            throw new IllegalStateException("boom");
        }), Sample.exact("/deep", _ -> {
            throw new StackOverflowError();
        }));
        assertEquals(500, Sample.status(site.handle(get("/x"))));
        assertEquals(500, Sample.status(site.handle(get("/deep"))));
    }

    @Test
    void aClientThatLeftGetsNoPage() {
        Handler fails = _ -> {
            throw Failure.downstream(Failure.What.CLOSED, "gone");
        };
        Answer answer = Sample.site(root(fails, Sample.page(499, SAME, "/x"))).handle(get("/x"));
        assertEquals("499 ", Sample.status(answer) + " " + Sample.body(answer));
    }

    @ParameterizedTest
    @ValueSource(strings = {"TRACE", "CONNECT"})
    void someMethodsAreNotForUs(String method) {
        Answer answer = Sample.site(Sample.says("x")).handle(FakeClient.asks(method + " /x HTTP/1.1", "Host: a"));
        assertEquals(405, Sample.status(answer));
        assertFalse(Sample.field(answer, "Allow").contains(method));
    }

    @Test
    void anAsteriskIsForOptionsAlone() {
        Site site = Sample.site(Sample.says("x"));
        assertEquals(200, Sample.status(site.handle(FakeClient.asks("OPTIONS * HTTP/1.1", "Host: a"))));
        assertEquals(400, Sample.status(site.handle(FakeClient.asks("GET * HTTP/1.1", "Host: a"))));
    }

    @Test
    void theServerFieldOfAReplyStays() {
        Handler named = e -> ((Answer.Reply) Sample.text(200, "x").handle(e)).withHeaders(
                Headers.of("server", "gunicorn"));
        assertEquals("gunicorn", Sample.field(Sample.site(root(named)).handle(get("/")), "Server"));
    }

    @Test
    void aHangupIsPassedOn() {
        FilteredHandler steps = new FilteredHandler(List.of(Return.bare(Status.of(444))), Sample.text(200, "x"));
        assertInstanceOf(Answer.CloseSilently.class, Sample.site(root(steps)).handle(get("/")));
    }

    @Test
    void aReturnedTextStands() {
        Return teapot = new Return(Status.of(418), Text.literal("short and stout"), Text.literal("text/plain"));
        Answer answer = Sample.site(root(new FilteredHandler(List.of(teapot), Sample.bare(404)), Sample.page(418, SAME, "/pot")))
                .handle(get("/"));
        assertEquals("418 short and stout", Sample.status(answer) + " " + Sample.body(answer));
        assertEquals("text/plain", Sample.field(answer, "Content-Type"));
    }

    @Test
    void aReturnedPlaceIsARedirect() {
        Return to = new Return(Status.of(308), e -> "https://" + e.routing().siteName() + e.routing().path(),
                Text.literal("text/plain"));
        Answer answer = Sample.site(root(new FilteredHandler(List.of(to), Sample.bare(404)))).handle(get("/a"));
        assertEquals("308 https://example.org/a", Sample.status(answer) + " " + Sample.field(answer, "Location"));
    }

    @Test
    void linesCannotBeBrokenThroughARedirect() {
        Return to = new Return(Status.FOUND, e -> e.routing().path(), Text.literal(""));
        Answer answer = Sample.site(root(new FilteredHandler(List.of(to), Sample.bare(404)))).handle(get("/%0d%0aSet-Cookie:x"));
        assertEquals("http://example.org:8080/%0D%0ASet-Cookie:x", Sample.field(answer, "Location"));
    }

    @Test
    void requestsThatMayNotBeFollowedByOthersCloseTheConnection() {
        for (int status : List.of(400, 413, 414, 500, 501)) {
            Exchange exchange = get("/");
            Sample.site(root(Sample.bare(status))).handle(exchange);
            assertTrue(exchange.outcome().isClosing(), "after " + status);
        }
        Exchange exchange = get("/");
        Sample.site(root(Sample.bare(404))).handle(exchange);
        assertFalse(exchange.outcome().isClosing());
        assertEquals(Method.GET, exchange.routing().method());
    }
}
