package io.selvage.server.route;

import io.selvage.server.http.Answer.Reply;
import io.selvage.server.http.Body;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.FakeClient;
import io.selvage.server.http.Handler;
import io.selvage.server.http.Headers;
import io.selvage.server.http.ResponseHead;
import io.selvage.server.http.Status;
import io.selvage.server.http.Text;
import io.selvage.server.observe.LogTime;
import io.selvage.server.route.AddedHeaders.Field;
import io.selvage.server.route.ErrorPage.Shown;
import io.selvage.server.route.Expires.When;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertEquals;

class ResponseFiltersTest {
    private static final LogTime TIME = new LogTime(InstantSource.fixed(Instant.parse("2026-09-28T15:00:00Z")), ZoneOffset.UTC);

    private static Exchange get(String path) {
        return FakeClient.asks("GET " + path + " HTTP/1.1", "Host: example.org");
    }

    private static Headers filtered(ResponseFilter filter, int status, String... fields) {
        Reply reply = new Reply(new ResponseHead(Status.of(status), Headers.of(fields)), Body.NONE);
        return ((Reply) filter.filter(get("/a%0d%0aX:y"), reply)).head().headers();
    }

    private static AddedHeaders adds(String name, Text value, boolean always) {
        return new AddedHeaders(List.of(new Field(name, value, always)));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({"200, true", "201, true", "204, true", "206, true", "301, true", "302, true", "303, true", "304, true",
        "307, true", "308, true", "202, false", "400, false", "404, false", "500, false"})
    void fieldsAreAddedToSuccessfulAnswers(int status, boolean added) {
        assertEquals(added, filtered(adds("X-A", Text.literal("b"), false), status).contains("X-A"));
        assertEquals(true, filtered(adds("X-A", Text.literal("b"), true), status).contains("X-A"));
    }

    @Test
    void emptyValueAddsNoField() {
        assertEquals(Headers.EMPTY, filtered(adds("X-A", Text.literal(""), true), 200));
    }

    @Test
    void fieldIsAddedBesideOthersOfItsName() {
        assertEquals(List.of("a", "b"), filtered(adds("X-A", Text.literal("b"), false), 200, "X-A", "a").all("x-a"));
    }

    @Test
    void validatorsAreReplacedOrDropped() {
        assertEquals(List.of("\"b\""), filtered(adds("ETag", Text.literal("\"b\""), false), 200, "ETag", "\"a\"").all("ETag"));
        assertEquals(List.of(), filtered(adds("Last-Modified", Text.literal(""), false), 200, "Last-Modified", "x")
                .all("Last-Modified"));
    }

    @Test
    void valueCannotBreakItsLine() {
        assertEquals("/a  X:y", filtered(adds("X-A", e -> e.routing().path(), false), 200).first("X-A").orElseThrow());
    }

    @Test
    void valueMayNameTheStatusThatIsSent() {
        AddedHeaders status = adds("X-Status", e -> String.valueOf(e.outcome().head().orElseThrow().status().code()), true);
        Location root = Sample.withResponseFilters(Sample.root(Sample.bare(404)), status);
        assertEquals("404", Sample.field(Sample.answer(Sample.site(root), get("/")), "X-Status"));
    }

    @Test
    void onlyTheLocationOfTheErrorPageAddsFields() {
        Location first = Sample.withResponseFilters(
                Sample.root(Sample.bare(404), Sample.page(404, new Shown.Original(), "/404")),
                adds("X-First", Text.literal("1"), true));
        Location second = Sample.withResponseFilters(Sample.exact("/404", Sample.text(200, "page")),
                adds("X-Second", Text.literal("2"), true));
        Site site = Sample.site(first, second);
        var answer = Sample.answer(site, get("/"));
        assertEquals("- 2", Sample.field(answer, "X-First") + " " + Sample.field(answer, "X-Second"));
    }

    static Stream<Arguments> expires() {
        return Stream.of(
                Arguments.of(new When.Off(), "- -"),
                Arguments.of(new When.Epoch(), "Thu, 01 Jan 1970 00:00:01 GMT no-cache"),
                Arguments.of(new When.Max(), "Thu, 31 Dec 2037 23:55:55 GMT max-age=315360000"),
                Arguments.of(new When.FromNow(3600), "Mon, 28 Sep 2026 16:00:00 GMT max-age=3600"),
                Arguments.of(new When.FromNow(0), "Mon, 28 Sep 2026 15:00:00 GMT max-age=0"),
                Arguments.of(new When.FromNow(-1), "Mon, 28 Sep 2026 14:59:59 GMT no-cache"),
                Arguments.of(new When.FromChange(7200), "Mon, 28 Sep 2026 16:30:00 GMT max-age=5400"),
                Arguments.of(new When.FromChange(60), "Mon, 28 Sep 2026 14:31:00 GMT no-cache"),
                Arguments.of(new When.At(LocalTime.of(15, 30)), "Mon, 28 Sep 2026 15:30:00 GMT max-age=1800"),
                Arguments.of(new When.At(LocalTime.of(15, 0)), "Tue, 29 Sep 2026 15:00:00 GMT max-age=86400"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("expires")
    void expiresSetsBothFields(When when, String fields) {
        Headers headers = filtered(new Expires(_ -> when, TIME, ZoneOffset.UTC), 200,
                "Last-Modified", "Mon, 28 Sep 2026 14:30:00 GMT");
        assertEquals(fields, headers.first("Expires").orElse("-") + " " + headers.joined("Cache-Control").orElse("-"));
    }

    @Test
    void expiresLeavesErrorsAlone() {
        assertEquals(Headers.EMPTY, filtered(new Expires(_ -> new When.Max(), TIME, ZoneOffset.UTC), 404));
    }

    @Test
    void fieldsOfPeerAreReplaced() {
        Headers headers = filtered(new Expires(_ -> new When.FromNow(1), TIME, ZoneOffset.UTC), 200,
                "Cache-Control", "private", "Expires", "0", "Cache-Control", "no-store");
        assertEquals(List.of("max-age=1"), headers.all("Cache-Control"));
        assertEquals(1, headers.all("Expires").size());
    }

    @Test
    void expiresMayDependOnContentType() {
        Expires byType = new Expires(e -> e.outcome().head().flatMap(head -> head.headers().first("Content-Type"))
                .filter("text/css"::equals).<When>map(_ -> new When.Max()).orElse(new When.Off()), TIME, ZoneOffset.UTC);
        Handler css = e -> ((Reply) Sample.text(200, "x").handle(e)).withHeaders(Headers.of("Content-Type", "text/css"));
        Location root = Sample.withResponseFilters(Sample.root(css), byType);
        assertEquals("max-age=315360000", Sample.field(Sample.answer(Sample.site(root), get("/")), "Cache-Control"));
    }
}
