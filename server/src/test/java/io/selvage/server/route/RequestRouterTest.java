package io.selvage.server.route;

import io.selvage.server.files.MimeTypes;
import io.selvage.server.http.Answer;
import io.selvage.server.http.Answer.InternalRedirect;
import io.selvage.server.http.Answer.NamedLocation;
import io.selvage.server.http.Body;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.ExchangeRunner;
import io.selvage.server.http.Failure;
import io.selvage.server.http.FakeClient;
import io.selvage.server.http.FilterResult;
import io.selvage.server.http.Handler;
import io.selvage.server.http.Headers;
import io.selvage.server.http.Method;
import io.selvage.server.http.ResponseHead;
import io.selvage.server.http.Sent;
import io.selvage.server.http.Status;
import io.selvage.server.http.Text;
import io.selvage.server.http.UncheckedFailure;
import io.selvage.server.net.SendableFile;
import io.selvage.server.route.ErrorPage.Shown;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
    private static final MimeTypes TYPES = new MimeTypes(Map.of("txt", "text/x-robots"), "text/plain");
    private static final Shown SAME = new Shown.Original();
    private static final Shown OWN = new Shown.Own();

    private static Exchange get(String path) {
        return FakeClient.asks("GET " + path + " HTTP/1.1", "Host: example.org");
    }

    @Test
    void statusWithoutBodyGetsBuiltInPage() {
        Exchange exchange = get("/x");
        Answer answer = Sample.answer(Sample.site(Sample.root(Sample.bare(404))), exchange);
        assertEquals(404, Sample.status(answer));
        assertEquals("text/html", Sample.field(answer, "Content-Type"));
        assertEquals("selvage", exchange.outcome().server());
        assertTrue(Sample.body(answer).contains("<h1>404 Not Found</h1>"), Sample.body(answer));
        assertTrue(Sample.body(answer).contains("<center>selvage</center>"), Sample.body(answer));
    }

    @Test
    void fieldsOfAcceleratedRedirectReplaceThoseOfFileButNotOfError() {
        Handler peer = exchange -> {
            exchange.beginUpstream().redirectFields(Headers.of("Content-Type", "video/mp4"));
            return new InternalRedirect(exchange.routing().query(), "");
        };
        Handler file = _ -> new Answer.Reply(new ResponseHead(Status.OK, Headers.of("Content-Type", "text/plain")), Body.NONE);
        Site site = Sample.site(Sample.root(peer), Sample.exact("/file", file), Sample.exact("/none", Sample.bare(404)));
        assertEquals("video/mp4", Sample.field(Sample.answer(site, get("/x?/file")), "Content-Type"));
        assertEquals("text/html", Sample.field(Sample.answer(site, get("/x?/none")), "Content-Type"));
    }

    @Test
    void redirectHasBuiltInPage() {
        Answer answer = Sample.answer(Sample.site(Sample.root(Sample.bare(302, "Location", "/y"))), get("/x"));
        assertEquals("http://example.org:8080/y", Sample.field(answer, "Location"));
        assertTrue(Sample.body(answer).contains("<title>302 Found</title>"), Sample.body(answer));
    }

    @Test
    void noContentHasNoBody() {
        Answer answer = Sample.answer(Sample.site(Sample.root(Sample.bare(204))), get("/x"));
        assertEquals("", Sample.body(answer));
        assertEquals("-", Sample.field(answer, "Content-Type"));
    }

    @Test
    void errorPageKeepsStatusAndFields() {
        Site site = Sample.site(Sample.root(Sample.bare(401, "WWW-Authenticate", "Basic"), Sample.page(401, SAME, "/401.html")),
                Sample.exact("/401.html", Sample.text(200, "who are you?")));
        Exchange exchange = get("/x");
        Answer answer = Sample.answer(site, exchange);
        assertEquals("401 who are you?", Sample.status(answer) + " " + Sample.body(answer));
        assertEquals("Basic", Sample.field(answer, "WWW-Authenticate"));
        assertEquals(Optional.of(Status.UNAUTHORIZED), exchange.routing().pageStatus());
    }

    @Test
    void errorPageWithEqualsAndCodeChangesStatus() {
        Site site = Sample.site(Sample.root(Sample.bare(404), Sample.page(404, new Shown.Fixed(Status.OK), "/empty")),
                Sample.exact("/empty", Sample.text(207, "nothing")));
        assertEquals(200, Sample.status(Sample.answer(site, get("/x"))));
    }

    @Test
    void errorPageWithEqualsHasItsOwnStatus() {
        Site site = Sample.site(Sample.root(Sample.bare(404), Sample.page(404, OWN, "/found")),
                Sample.exact("/found", Sample.text(206, "here")));
        assertEquals(206, Sample.status(Sample.answer(site, get("/x"))));
    }

    @Test
    void errorPageIsRequestedByGet() {
        Handler tells = e -> Sample.text(200, e.routing().method() + " " + e.routing().path() + "?"
                + e.routing().query()).handle(e);
        Site site = Sample.site(Sample.root(Sample.bare(405), Sample.page(405, SAME, "/page?a=1")), Sample.exact("/page", tells));
        assertEquals("GET /page?a=1", Sample.body(Sample.answer(site, FakeClient.asks("POST /x HTTP/1.1", "Host: a"))));
        assertEquals("HEAD /page?a=1", Sample.body(Sample.answer(site, FakeClient.asks("HEAD /x HTTP/1.1", "Host: a"))));
    }

    @Test
    void namedErrorPageKeepsMethodAndPath() {
        Handler tells = e -> Sample.text(200, e.routing().method() + " " + e.routing().path()).handle(e);
        Site site = Sample.site(Sample.root(Sample.bare(502), Sample.page(502, OWN, "@spare")), Sample.named("@spare", tells));
        assertEquals("POST /x", Sample.body(Sample.answer(site, FakeClient.asks("POST /x HTTP/1.1", "Host: a"))));
    }

    @Test
    void errorPageAtAnotherServerIsARedirect() {
        Site site = Sample.site(Sample.root(Sample.bare(403), Sample.page(403, SAME, "https://other.org/no")));
        Answer answer = Sample.answer(site, get("/x"));
        assertEquals("302 https://other.org/no", Sample.status(answer) + " " + Sample.field(answer, "Location"));
        Site moved = Sample.site(Sample.root(Sample.bare(403),
                Sample.page(403, new Shown.Fixed(Status.MOVED_PERMANENTLY), "https://other.org/no")));
        assertEquals(301, Sample.status(Sample.answer(moved, get("/x"))));
    }

    @Test
    void missingErrorPageIsReplacedByBuiltInPage() {
        Site site = Sample.site(Sample.root(Sample.bare(404), Sample.page(404, SAME, "/404.html"),
                Sample.page(502, SAME, "/50x.html")),
                Sample.exact("/down", Sample.bare(502)));
        assertTrue(Sample.body(Sample.answer(site, get("/x"))).contains("404 Not Found"));
    }

    @Test
    void eleventhInternalRedirectFails() {
        Site site = Sample.site(Sample.root(_ -> new InternalRedirect("/x", "")));
        Exchange exchange = get("/x");
        assertEquals(500, Sample.status(Sample.answer(site, exchange)));
        assertTrue(exchange.outcome().isClosing());
        Site names = Sample.site(Sample.root(_ -> new NamedLocation("@a")), Sample.named("@a", _ -> new NamedLocation("@a")));
        assertEquals(500, Sample.status(Sample.answer(names, get("/x"))));
    }

    @Test
    void internalLocationIsHiddenFromClients() {
        Handler root = e -> e.routing().path().equals("/door") ? new InternalRedirect("/secret", "a=b")
                : Sample.bare(404).handle(e);
        Site site = Sample.site(Sample.root(root),
                Sample.internal(Sample.exact("/secret", e -> Sample.text(200, "secret " + e.routing().query()).handle(e))));
        assertEquals(404, Sample.status(Sample.answer(site, get("/secret"))));
        assertEquals("secret a=b", Sample.body(Sample.answer(site, get("/door"))));
    }

    @Test
    void missingNamedLocationIsServerError() {
        assertEquals(500, Sample.status(Sample.answer(Sample.site(Sample.root(_ -> new NamedLocation("@nowhere"))), get("/x"))));
    }

    @Test
    void serverRewritesRunBeforeLocationIsFound() {
        Site site = new Site("", List.of(), List.of((e, _) -> e.routing().path().equals("/old")
                ? new Answer.StatusOnly(Status.of(410)) : FilterResult.CONTINUE), Sample.root(Sample.text(200, "new")),
                        List.of());
        assertEquals(410, Sample.status(Sample.answer(site, get("/old"))));
        assertEquals("new", Sample.body(Sample.answer(site, get("/x"))));
    }

    @ParameterizedTest(name = "{0} {1} becomes {2}")
    @CsvSource({
        "DOWNSTREAM, TIMED_OUT, 408", "DOWNSTREAM, TOO_LARGE, 413", "DOWNSTREAM, MALFORMED, 400",
        "UPSTREAM, TIMED_OUT, 504", "UPSTREAM, REFUSED, 502", "UPSTREAM, OVERLOADED, 503", "HERE, OVERLOADED, 503",
    })
    void failureBecomesAnswer(Failure.Where where, Failure.What what, int status) {
        Handler fails = _ -> {
            throw new Failure(where, what, true, "why", null);
        };
        Exchange exchange = get("/x");
        assertEquals(status, Sample.status(Sample.answer(Sample.site(Sample.root(fails)), exchange)));
        assertEquals(where == Failure.Where.DOWNSTREAM, exchange.outcome().isClosing());
    }

    @Test
    void fullDiskIs507AndClosesTheConnection() {
        Exchange exchange = get("/x");
        Handler fails = _ -> {
            throw Failure.here(Failure.What.NO_SPACE, "no space");
        };
        assertEquals(507, Sample.status(Sample.answer(Sample.site(Sample.root(fails)), exchange)));
        assertTrue(exchange.outcome().isClosing());
        assertTrue(exchange.body().isEmpty());
    }

    @Test
    void failureMayHaveErrorPage() {
        Handler fails = _ -> {
            throw Failure.upstream(Failure.What.REFUSED, true, "nobody there");
        };
        Site site = Sample.site(Sample.root(fails, Sample.page(502, SAME, "/50x")),
                Sample.exact("/50x", Sample.text(200, "sorry")));
        Answer answer = Sample.answer(site, get("/x"));
        assertEquals("502 sorry", Sample.status(answer) + " " + Sample.body(answer));
    }

    @Test
    void bugIsServerError() {
        Site site = Sample.site(Sample.root(_ -> {
            throw new IllegalStateException("boom");
        }), Sample.exact("/deep", _ -> {
            throw new StackOverflowError();
        }));
        assertEquals(500, Sample.status(Sample.answer(site, get("/x"))));
        assertEquals(500, Sample.status(Sample.answer(site, get("/deep"))));
    }

    @Test
    void failureToSendTheAnswerMayHaveErrorPage() {
        Site site = Sample.site(Sample.root(Sample.text(200, "broken"), Sample.page(502, SAME, "/page")),
                Sample.exact("/page", Sample.text(200, "sorry")));
        List<String> sent = new ArrayList<>();
        ExchangeRunner.run(get("/x"), new Sites(site, List.of(site)), (_, answer) -> {
            sent.add(Sample.status(answer) + " " + Sample.body(answer));
            if (sent.size() == 1) {
                throw Failure.upstream(Failure.What.MALFORMED, false, "broke before its first byte");
            }
            return new Sent(new ResponseHead(Status.OK, Headers.EMPTY), 0, 0, true);
        });
        assertEquals(List.of("200 broken", "502 sorry"), sent);
    }

    @Test
    void pageThatCannotBeSentIsReplacedByBuiltInPage() {
        Site site = Sample.site(Sample.root(Sample.text(200, "broken"), Sample.page(502, SAME, "/page")),
                Sample.exact("/page", Sample.text(200, "broken too")));
        List<Integer> sent = new ArrayList<>();
        ExchangeRunner.run(get("/x"), new Sites(site, List.of(site)), (_, answer) -> {
            sent.add(Sample.status(answer));
            throw Failure.upstream(Failure.What.MALFORMED, false, "broke before its first byte");
        });
        assertEquals(List.of(200, 502, 502, 502, 500), sent);
    }

    @Test
    void bodyIsClosedWhenAResponseFilterFails() {
        List<String> closed = new ArrayList<>();
        Handler file = _ -> new Answer.Reply(new ResponseHead(Status.OK, Headers.EMPTY),
                new Body.FilePart(new SendableFile(null), 0, 1, () -> closed.add("closed")));
        ResponseFilter fails = (_, reply) -> {
            if (reply.head().status().equals(Status.OK)) {
                throw new IllegalStateException("boom");
            }
            return reply;
        };
        Site site = Sample.site(Sample.withResponseFilters(Sample.root(file), fails));
        assertEquals(500, Sample.status(Sample.answer(site, get("/x"))));
        assertEquals(List.of("closed"), closed);
    }

    @Test
    void failureOfAVariableIsItsStatus() {
        Handler fails = _ -> {
            throw new UncheckedFailure(Failure.here(Failure.What.OVERLOADED, "too much"));
        };
        assertEquals(503, Sample.status(Sample.answer(Sample.site(Sample.root(fails)), get("/x"))));
    }

    @Test
    void clientThatLeftGetsNothing() {
        Handler fails = _ -> {
            throw Failure.downstream(Failure.What.CLOSED, "gone");
        };
        Answer answer = Sample.answer(Sample.site(Sample.root(fails, Sample.page(499, SAME, "/x"))), get("/x"));
        assertEquals(new Answer.CloseSilently(Status.CLIENT_CLOSED), answer);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TRACE", "CONNECT"})
    void traceAndConnectAreNotAllowed(String method) {
        Answer answer = Sample.answer(Sample.site(Sample.root(Sample.text(200, "x"))),
                FakeClient.asks(method + " /x HTTP/1.1", "Host: a"));
        assertEquals(405, Sample.status(answer));
        assertFalse(Sample.field(answer, "Allow").contains(method));
    }

    @Test
    void asteriskIsForOptionsOnly() {
        Site site = Sample.site(Sample.root(Sample.text(200, "x")));
        assertEquals(200, Sample.status(Sample.answer(site, FakeClient.asks("OPTIONS * HTTP/1.1", "Host: a"))));
        assertEquals(400, Sample.status(Sample.answer(site, FakeClient.asks("GET * HTTP/1.1", "Host: a"))));
    }

    @Test
    void return444ClosesSilently() {
        Location silent = Sample.withRewrites(Sample.root(Sample.text(200, "x")), Return.bare(Status.of(444), TYPES));
        assertInstanceOf(Answer.CloseSilently.class, Sample.answer(Sample.site(silent), get("/")));
    }

    @Test
    void returnedTextIsNotReplacedByErrorPage() {
        Return teapot = new Return(Status.of(418), Text.literal("short and stout"), TYPES);
        Answer answer = Sample.answer(Sample.site(Sample.withRewrites(Sample.root(Sample.bare(404),
                Sample.page(418, SAME, "/pot")), teapot)), get("/"));
        assertEquals("418 short and stout", Sample.status(answer) + " " + Sample.body(answer));
        assertEquals("text/plain", Sample.field(answer, "Content-Type"));
    }

    @Test
    void returnedTextHasTheTypeOfThePath() {
        Return text = new Return(Status.OK, Text.literal("User-agent: *"), TYPES);
        Site site = Sample.site(Sample.withRewrites(Sample.root(Sample.bare(404)), text));
        assertEquals("text/x-robots", Sample.field(Sample.answer(site, get("/a/robots.TXT")), "Content-Type"));
        assertEquals("text/plain", Sample.field(Sample.answer(site, get("/a.txt/.txt")), "Content-Type"));
    }

    @Test
    void returnedUrlIsARedirect() {
        Return to = new Return(Status.of(308), e -> "https://" + e.routing().siteName() + e.routing().path(), TYPES);
        Answer answer = Sample.answer(Sample.site(Sample.withRewrites(Sample.root(Sample.bare(404)), to)), get("/a"));
        assertEquals("308 https://example.org/a", Sample.status(answer) + " " + Sample.field(answer, "Location"));
    }

    @Test
    void redirectCannotBreakLines() {
        Return to = new Return(Status.FOUND, e -> e.routing().path(), TYPES);
        Answer answer = Sample.answer(Sample.site(Sample.withRewrites(Sample.root(Sample.bare(404)), to)),
                get("/%0d%0aSet-Cookie:x"));
        assertEquals("http://example.org:8080/%0D%0ASet-Cookie:x", Sample.field(answer, "Location"));
    }

    @Test
    void unreliableRequestsCloseTheConnection() {
        for (int status : List.of(400, 413, 414, 500, 501)) {
            Exchange exchange = get("/");
            Sample.answer(Sample.site(Sample.root(Sample.bare(status))), exchange);
            assertTrue(exchange.outcome().isClosing(), "after " + status);
        }
        Exchange exchange = get("/");
        Sample.answer(Sample.site(Sample.root(Sample.bare(404))), exchange);
        assertFalse(exchange.outcome().isClosing());
        assertEquals(Method.GET, exchange.routing().method());
    }

    @Test
    void stepsRunInTheOrderOfThePhases() {
        List<String> order = new ArrayList<>();
        Location location = Sample.withResponseFilters(Sample.withRequestFilters(Sample.withRewrites(Sample.exact("/a", e -> {
            order.add("content");
            return Sample.text(200, "x").handle(e);
        }), rewrite(order, "location rewrite")), pass(order, "limit"), pass(order, "access")), (_, reply) -> {
            order.add("response filter");
            return reply;
        });
        Site site = new Site("example.org", List.of(), List.of(rewrite(order, "server rewrite")), Sample.root(Sample.bare(404)),
                List.of(location));
        Sample.answer(site, get("/a"));
        assertEquals(List.of("server rewrite", "location rewrite", "limit", "access", "content", "response filter"), order);
    }

    private static Rewrite rewrite(List<String> order, String name) {
        return (_, _) -> {
            order.add(name);
            return FilterResult.CONTINUE;
        };
    }

    private static RequestFilter pass(List<String> order, String name) {
        return _ -> {
            order.add(name);
            return FilterResult.CONTINUE;
        };
    }

    @Test
    void filterThatAnswersEndsTheFilters() {
        RequestFilter notReached = _ -> {
            throw new AssertionError("not reached");
        };
        Location location = Sample.withRequestFilters(Sample.root(Sample.text(200, "content")),
                Return.bare(Status.FORBIDDEN, TYPES), notReached);
        assertEquals(403, Sample.status(Sample.answer(Sample.site(location), get("/"))));
    }

    @Test
    void filterMayEnterANamedLocation() {
        Location location = Sample.withRequestFilters(Sample.root(Sample.bare(404)), _ -> new NamedLocation("@app"));
        Site site = Sample.site(location, Sample.named("@app", Sample.text(200, "app")));
        assertEquals("app", Sample.body(Sample.answer(site, get("/"))));
    }

    @Test
    void rewriteFindsALocationForAnotherPathButNotTheServerRewrites() {
        List<String> order = new ArrayList<>();
        Location moved = Sample.withRewrites(Sample.root(Sample.bare(404)), (e, _) -> {
            e.routing().rewrite("/new", "a=b", true);
            return FilterResult.STOP;
        });
        Handler found = e -> Sample.text(200, e.routing().path() + "?" + e.routing().query()).handle(e);
        Site site = new Site("example.org", List.of(), List.of(rewrite(order, "server rewrite")), moved,
                List.of(Sample.internal(Sample.exact("/new", found))));
        assertEquals("/new?a=b", Sample.body(Sample.answer(site, get("/old"))));
        assertEquals(List.of("server rewrite"), order);
    }

    @Test
    void rewritesWithoutEndFail() {
        Location circle = Sample.withRewrites(Sample.root(Sample.text(200, "x")), (e, _) -> {
            e.routing().rewrite("/again", "", true);
            return FilterResult.STOP;
        });
        assertEquals(500, Sample.status(Sample.answer(Sample.site(circle), get("/"))));
    }

    @Test
    void responseFilterMayAnswerWithAStatusThatGetsAnErrorPage() {
        Location root = Sample.withResponseFilters(Sample.root(Sample.text(200, "x"), Sample.page(412, SAME, "/412")),
                (_, _) -> new Answer.StatusOnly(Status.PRECONDITION_FAILED));
        Answer answer = Sample.answer(Sample.site(root, Sample.exact("/412", Sample.text(200, "no"))), get("/"));
        assertEquals("412 no", Sample.status(answer) + " " + Sample.body(answer));
    }

    @Test
    void bugInAResponseFilterIsServerError() {
        Location root = Sample.withResponseFilters(Sample.root(Sample.text(200, "x")), (_, _) -> {
            throw new IllegalStateException("boom");
        });
        Exchange exchange = get("/");
        Answer answer = Sample.answer(Sample.site(root), exchange);
        assertEquals("500 500 Internal Server Error\n", Sample.status(answer) + " " + Sample.body(answer));
        assertTrue(exchange.outcome().isClosing());
    }
}
