package io.selvage.server.http1;

import io.selvage.server.http.Authority;
import io.selvage.server.http.ClientOptions;
import io.selvage.server.http.Headers;
import io.selvage.server.http.HostOptions;
import io.selvage.server.http.Method;
import io.selvage.server.http.Refusal;
import io.selvage.server.http.RequestHead;
import io.selvage.server.http.Target;
import io.selvage.server.http.Version;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static io.selvage.server.http1.Feeding.bytes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

class HeadParserTest {
    private static final String PLAIN =
            "GET /a?b=c HTTP/1.1\r\nHost: example.com\r\nUser-Agent:  x y\t\r\nX-Own: \u00e9\u00ff\r\n\r\n";

    @Test
    void readsAHead() {
        RequestHead head = Feeding.head(PLAIN);

        assertEquals(Method.GET, head.method());
        assertEquals(new Target(Target.Form.ORIGIN, "/a?b=c", "/a", "b=c", ""), head.target());
        assertEquals(Version.HTTP_1_1, head.version());
        assertEquals(Headers.of("Host", "example.com", "User-Agent", "x y", "X-Own", "\u00e9\u00ff"), head.headers());
        assertEquals("GET /a?b=c HTTP/1.1", head.requestLine());
        assertEquals(PLAIN.length(), head.size());
    }

    @Test
    void keepsBytesAfterTheHead() {
        var parsed = Feeding.feed(parser(), bytes(PLAIN + "GET /next"));

        assertEquals(PLAIN.length(), assertInstanceOf(Parsed.Head.class, parsed).bytesUsed());
    }

    @Test
    void commonNamesComeFromTheTable() {
        String request = "GET / HTTP/1.0\r\nhost: a\r\nUser-Agent: b\r\nuSeR-aGeNt: c\r\n\r\n";
        Headers once = Feeding.head(request).headers();
        Headers twice = Feeding.head(request).headers();

        assertSame(once.name(0), twice.name(0));
        assertSame(once.name(1), twice.name(1));
        assertEquals(Headers.of("host", "a", "User-Agent", "b", "uSeR-aGeNt", "c"), twice);
    }

    @ParameterizedTest
    @ValueSource(strings = {PLAIN, "\r\n\n\r\n" + PLAIN, "POST http://a:1/x HTTP/1.0\nContent-Length: 3\n\n",
        "OPTIONS * HTTP/1.1\r\nHost:a\r\nEmpty:\r\nFull: a b\tc , d\r\n\r\n", "GET / HTTP/1.1\nHost: a\r\nX: \n\r\n"})
    void resultDoesNotDependOnTheSplit(String request) {
        byte[] bytes = bytes(request);
        var whole = Feeding.feed(parser(), bytes);

        assertInstanceOf(Parsed.Head.class, whole);
        assertEquals(bytes.length, ((Parsed.Head<?>) whole).bytesUsed());
        for (int cut = 0; cut <= bytes.length; cut++) {
            assertEquals(whole, Feeding.feed(parser(), Feeding.cutAt(bytes, cut)), "cut at " + cut);
        }
        assertEquals(whole, Feeding.feed(parser(), Feeding.singly(bytes)));
    }

    @RepeatedTest(2_000)
    void randomBytesCauseNoException(RepetitionInfo run) {
        var random = new SplittableRandom(run.getCurrentRepetition());
        byte[] bytes = Feeding.mutate(bytes(PLAIN), random);
        var whole = Feeding.feed(parser(), bytes);

        // Byte by byte, a refusal may come earlier, but never another result.
        assertEquals(whole.getClass(), Feeding.feed(parser(), Feeding.singly(bytes)).getClass());
        if (whole instanceof Parsed.Head(RequestHead head, int used)) {
            assertTrue(used <= bytes.length);
            for (int i = 0; i < head.headers().size(); i++) {
                assertTrue(CharClasses.isToken(head.headers().name(i)) && HeadPieces.isLineSafe(head.headers().value(i)));
            }
        }
    }

    // ---- the request line

    @ParameterizedTest
    @ValueSource(strings = {"GET / HTTP/1.1\rHost: a\r\n\r\n", "GET /\r HTTP/1.1\r\nHost: a\r\n\r\n",
        "\r\r\r\nGET / HTTP/1.1\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\n\rX", "GET / HTTP/1.1\r\r\nHost: a\r\n\r\n", "\rGET / HTTP/1.1\r\nHost: a\r\n\r\n"})
    void refusesALoneCarriageReturn(String request) {
        assertRefused(400, request);
    }

    @Test
    void acceptsALoneLineFeedAsTheEndOfALine() {
        assertEquals(Headers.of("Host", "a", "B", "c"), Feeding.head("GET / HTTP/1.1\nHost: a\nB: c\n\n").headers());
    }

    @ParameterizedTest
    @ValueSource(strings = {"\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", "GET / HTTP/1.1\nHost: a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\nB: c\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\n\n"})
    void reportsALoneLineFeed(String request) {
        assertTrue(Feeding.head(request).loneLf());
        assertFalse(Feeding.head(request.replaceAll("(?<!\r)\n", "\r\n")).loneLf());
        assertTrue(((Parsed.Head<RequestHead>) Feeding.feed(parser(), Feeding.singly(bytes(request)))).head().loneLf());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 8})
    void ignoresSomeEmptyLinesFirst(int count) {
        assertEquals(Method.GET, Feeding.head("\r\n".repeat(count) + PLAIN).method());
        assertEquals(Method.GET, Feeding.head("\n".repeat(count) + PLAIN).method());
    }

    @ParameterizedTest
    @ValueSource(strings = {"\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n" + PLAIN, "\n\n\n\n\n\n\n\n\n" + PLAIN, " " + PLAIN,
        "\t" + PLAIN, "\r\n " + PLAIN,
        "GET / HTTP/1.1\r\n Host: a\r\n\r\n", "GET / HTTP/1.1\r\n\tHost: a\r\n\r\n"})
    void refusesMoreEmptyLinesAndLeadingSpace(String request) {
        assertRefused(400, request);
    }

    @ParameterizedTest
    @CsvSource({"HTTP/0.9,400", "HTTP/0.2,400", "HTTP/1.10,400", "HTTP/2.0,505", "HTTP/3.0,505", "http/1.1,400", "HTTP/1.1x,400",
        "HTTP/257.1,400", "HTTP/1,400", "HTTP/1.,400", "HTTP/+1.1,400", "HTTP 1.1,400", "HTTPS/1.1,400", "'HTTP/1.1 ',400",
        "'',400"})
    void refusesOtherVersions(String version, int status) {
        assertRefused(status, "GET / " + version + "\r\nHost: a\r\n\r\n");
    }

    /// What is no request line is none in any version, such as the preface of HTTP/2 (RFC 9113 §3.4).
    @ParameterizedTest
    @ValueSource(strings = {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "GET a HTTP/2.0\r\nHost: a\r\n\r\n"})
    void refusesABadTargetBeforeAnUnsupportedVersion(String request) {
        assertRefused(400, request);
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.2", "HTTP/1.9"})
    void readsAHigherMinorVersionAsItsOwn(String version) {
        assertEquals(Version.HTTP_1_1, Feeding.head("GET / " + version + "\r\nHost: a\r\n\r\n").version());
        assertRefused(400, "GET / " + version + "\r\n\r\n");
    }

    @Test
    void refusesHttp09() {
        assertRefused(400, "GET /\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET  / HTTP/1.1", "GET /  HTTP/1.1", "GET\t/ HTTP/1.1", "GET /\tHTTP/1.1", "GET HTTP/1.1",
        "GET / a HTTP/1.1", "GET", "GET "})
    void refusesOtherSeparators(String line) {
        assertRefused(400, line + "\r\nHost: a\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"G(T", "G\0T", "G\"T", "\u00c9T", "G\u007fT", "@"})
    void refusesAnInvalidMethod(String method) {
        assertRefused(400, method + " / HTTP/1.1\r\nHost: a\r\n\r\n");
    }

    @Test
    void acceptsAnUnknownMethod() {
        assertEquals("PROPFIND", Feeding.head("PROPFIND / HTTP/1.1\r\nHost: a\r\n\r\n").method().name());
        assertEquals("VERSION-CONTROL", Feeding.head("VERSION-CONTROL / HTTP/1.1\r\nHost: a\r\n\r\n").method().name());
    }

    @ParameterizedTest
    @ValueSource(strings = {"get", "Get", "gET", "GET2", "P.T"})
    void refusesAMethodThatIsNotInUpperCase(String method) {
        assertRefused(400, method + " / HTTP/1.1\r\nHost: a\r\n\r\n");
    }

    @Test
    void refusesAVeryLongMethod() {
        assertRefused(501, "G".repeat(33) + " / HTTP/1.1\r\nHost: a\r\n\r\n");
        assertRefused(414, "G".repeat(64 * 1024));
    }

    @Test
    void refusesALongTarget() {
        assertInstanceOf(Parsed.Head.class, parse("GET /" + "a".repeat(8192 - 16) + " HTTP/1.1\r\nHost: a\r\n\r\n"));
        assertRefused(414, "GET /" + "a".repeat(8192 - 15) + " HTTP/1.1\r\nHost: a\r\n\r\n");
        assertRefused(414, "GET /" + "a".repeat(8192));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/\0", "/\u0001", "/\u007f", "/a#b", "/%", "/%4", "/%zz", "/%00", "/../a", "a", "", "//../..//../"})
    void refusesAnInvalidTarget(String target) {
        assertRefused(400, "GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n");
    }

    @Test
    void acceptsOtherBytesInATarget() {
        assertEquals("/\u00e4", Feeding.head("GET /\u00e4 HTTP/1.1\r\nHost: a\r\n\r\n").target().path());
    }

    @Test
    void readsTheAuthorityOfAnAbsoluteTarget() {
        Target target = Feeding.head("GET http://b:81/x?y HTTP/1.1\r\nHost: a\r\n\r\n").target();

        assertEquals(new Target(Target.Form.ABSOLUTE, "/x?y", "/x", "y", "b:81"), target);
    }

    @Test
    void authorityOfAnAbsoluteTargetReplacesTheHost() {
        RequestHead head = Feeding.head("GET http://B:81/x HTTP/1.1\r\nX: 1\r\nhost: a\r\nY: 2\r\n\r\n");

        assertEquals(Optional.of(new Authority("b", 81)), head.host());
        assertEquals(Headers.of("X", "1", "host", "B:81", "Y", "2"), head.headers());
        assertEquals(Headers.of("X", "1", "Host", "b"), Feeding.head("GET http://b/ HTTP/1.0\r\nX: 1\r\n\r\n").headers());
        assertRefused(400, "GET http://b/ HTTP/1.1\r\nX: 1\r\n\r\n");
        assertRefused(400, "GET http://b/ HTTP/1.1\r\nHost: a b\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftp://a/", "http:/a", "http://", "http:///x", "http://u@a/", "http://a b/", "a/b", "http//a"})
    void refusesOtherUrls(String target) {
        assertRefused(400, "GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n");
    }

    @Test
    void refusesConnectAndTrace() {
        assertEquals(Target.Form.ASTERISK, Feeding.head("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n").target().form());
        assertRefused(400, "GET * HTTP/1.1\r\nHost: a\r\n\r\n");
        assertRefused(405, "CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n");
        assertRefused(400, "CONNECT a HTTP/1.1\r\nHost: a\r\n\r\n");
        assertRefused(400, "CONNECT / HTTP/1.1\r\nHost: a\r\n\r\n");
        assertRefused(405, "TRACE / HTTP/1.1\r\nHost: a\r\n\r\n");
    }

    // ---- the fields

    @ParameterizedTest
    @ValueSource(strings = {"X: y\r\n", "Host: a\r\nHost: a\r\n", "Host: a\r\nhost: b\r\n", "Host:\r\n", "Host: a,b\r\n",
        "Host: a b\r\n", "Host: a:99999\r\n", "Host: a/../b\r\n", "Host: [::1\r\n", "Host: user@a\r\n", "Host: a:b\r\n",
        "Host: a..b\r\n", "Host: .\r\n", "Host: \u00e4\r\n", "Host: [::1]x\r\n", "Host: [::g]\r\n", "Host: :80\r\n"})
    void refusesAMissingOrInvalidHost(String fields) {
        assertRefused(400, "GET / HTTP/1.1\r\n" + fields + "\r\n");
    }

    @Test
    void http10RefusesTwoHostsButNotNone() {
        assertRefused(400, "GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n");
        assertEquals(Version.HTTP_1_0, Feeding.head("GET / HTTP/1.0\r\n\r\n").version());
    }

    @ParameterizedTest
    @ValueSource(strings = {"Host : a\r\n", "Host\t: a\r\n", "Host\r\n", ": a\r\n", "(x): a\r\n", "x\0: a\r\n", "x\u00e4: a\r\n",
        "x\u0002: a\r\n", "x y: a\r\n", "\"x\": a\r\n", "{x}: a\r\n", "x\u007f: a\r\n"})
    void refusesAnInvalidName(String line) {
        assertRefused(400, "GET / HTTP/1.1\r\nHost: a\r\n" + line + "\r\n");
    }

    @Test
    void dropsOddNamesUnlessConfigured() {
        String request = "GET / HTTP/1.1\r\nHost: a\r\nContent_Length: 5\r\nX.Y: z\r\nX-Y: 1\r\n\r\n";

        assertEquals(Headers.of("Host", "a", "X-Y", "1"), head(request, false, true).headers());
        assertEquals(Headers.of("Host", "a", "Content_Length", "5", "X-Y", "1"), head(request, true, true).headers());
        assertEquals(5 - 1, head(request, false, false).headers().size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"X: a\r\n b\r\n", "X: a\r\n\tb\r\n", "Transfer-Encoding:\r\n chunked\r\n",
        "Content-Length: 1\r\n 2\r\n"})
    void refusesAFoldedField(String lines) {
        assertRefused(400, "GET / HTTP/1.1\r\nHost: a\r\n" + lines + "\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"X: a\0b\r\n", "X: a\rb\r\n", "X: a\r\r\n", "X: \u000ba\r\n", "X: a\u000c\r\n", "X: \u007f\r\n",
        "X: \u0001\r\n", "X: a\u001b[1m\r\n", "X:\u001f\r\n"})
    void refusesControlsInAValue(String line) {
        assertRefused(400, "GET / HTTP/1.1\r\nHost: a\r\n" + line + "\r\n");
    }

    @Test
    void keepsOtherBytesAndTrimsSpaceAndTabOnly() {
        String value = "\u0085a\tb\u0080\u00a0";

        assertEquals(value, Feeding.head("GET / HTTP/1.0\r\nX: \t " + value + " \t\r\n\r\n").headers().value(0));
    }

    @Test
    void limitsTheNumberOfFields() {
        assertInstanceOf(Parsed.Head.class, parse("GET / HTTP/1.0\r\n" + "a: b\r\n".repeat(1000) + "\r\n"));
        assertRefused(431, "GET / HTTP/1.0\r\n" + "a: b\r\n".repeat(1001) + "\r\n");
    }

    @Test
    void limitsALine() {
        assertInstanceOf(Parsed.Head.class, parse("GET / HTTP/1.0\r\na: " + "b".repeat(8192 - 5) + "\r\n\r\n"));
        assertRefused(431, "GET / HTTP/1.0\r\na: " + "b".repeat(8192) + "\r\n\r\n");
        assertRefused(431, "GET / HTTP/1.0\r\na: " + "b".repeat(8192));
        assertRefused(431, "GET / HTTP/1.0\r\n" + "a".repeat(8193));
    }

    @Test
    void limitsAllLinesTogether() {
        String line = "a: " + "b".repeat(4090) + "\r\n";

        assertInstanceOf(Parsed.Head.class, parse("GET / HTTP/1.0\r\n" + line.repeat(7) + "\r\n"));
        assertRefused(431, "GET / HTTP/1.0\r\n" + line.repeat(8) + "\r\n");
    }

    @Test
    void readsAHeadOfMoreThan64Kib() {
        ClientOptions d = ClientOptions.DEFAULT;
        ClientOptions wide = new ClientOptions(new ClientOptions.Head(1024, 64, 8192, 1000, d.head().timeout(), true, true, true),
                d.receiving(), d.keepAlive(), d.lingering(), d.sending(), d.http2(), false);
        String field = "X-Long: " + "b".repeat(8000) + "\r\n";
        byte[] request = bytes("GET / HTTP/1.0\r\nA: b\r\n" + field.repeat(12) + "C: d\r\n\r\n");
        Headers headers = switch (Feeding.feed(new HeadParser(wide)::parse, Feeding.cutAt(request, 30_000))) {
            case Parsed.Head(RequestHead head, int _) -> head.headers();
            case Parsed.NeedMore<RequestHead> _, Parsed.Refused<RequestHead> _ -> throw new AssertionError("no head");
        };

        assertEquals(14, headers.size());
        assertEquals("b".repeat(8000), headers.value(12));
        assertEquals("d", headers.value(13));
        assertEquals(field.length() - 2, headers.lineLength(1));
        assertEquals(0, headers.lineLength(13));
    }

    @Test
    void refusesATlsHandshakeAtOnce() {
        assertRefused(400, "\u0016\u0003\u0001\u0002");
    }

    @Test
    void refusedHeadHasThePartsThatWereParsed() {
        HeadParser parser = new HeadParser(ClientOptions.DEFAULT);
        Feeding.feed(parser::parse, bytes("HEAD /x HTTP/1.1\r\nHost: a\r\nbad\r\n\r\n"));

        assertEquals(Method.HEAD, parser.soFar().method());
        assertEquals("/x", parser.soFar().target().path());
        assertEquals(Headers.of("Host", "a"), parser.soFar().headers());
        assertEquals("HEAD /x HTTP/1.1", parser.soFar().requestLine());
        assertEquals(Optional.of(new Authority("a", 0)), parser.soFar().host());
    }

    @ParameterizedTest
    @ValueSource(strings = {PLAIN, "\r\n\nGET http://b/ HTTP/1.0\nA: b\n\n",
        "POST /x HTTP/1.1\r\nHost: example.com\r\nbad\r\n\r\n", "\u0016\u0003", "\r\n\n", "GET /half HTTP/1.1\r\nHost: c\r\nX"})
    void headDoesNotDependOnTheOneBefore(String before) {
        HeadParser parser = new HeadParser(ClientOptions.DEFAULT);
        Feeding.feed(parser::parse, bytes(before));
        parser.begin(ClientOptions.DEFAULT, FieldRules.ofClient(ClientOptions.DEFAULT), HostOptions.SAME);

        assertEquals(parse(PLAIN), Feeding.feed(parser::parse, bytes(PLAIN)));
    }

    @Test
    void headThatIsRefusedAsAWholeHasItsFields() {
        HeadParser parser = new HeadParser(ClientOptions.DEFAULT);
        assertInstanceOf(Parsed.Refused.class,
                Feeding.feed(parser::parse, bytes("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\nUser-Agent: c\r\n\r\n")));

        assertEquals(Headers.of("Host", "a", "Host", "b", "User-Agent", "c"), parser.soFar().headers());
    }

    private static Feeding.Parser<RequestHead> parser() {
        return new HeadParser(ClientOptions.DEFAULT)::parse;
    }

    private static Parsed<RequestHead> parse(String request) {
        return Feeding.feed(parser(), bytes(request));
    }

    private static void assertRefused(int status, String request) {
        Refusal why = assertInstanceOf(Parsed.Refused.class, parse(request), () -> request + " was not refused").why();
        assertEquals(status, why.status().code(), why.reason());
    }

    private static RequestHead head(String request, boolean underscores, boolean ignoreInvalid) {
        ClientOptions d = ClientOptions.DEFAULT;
        ClientOptions rules = new ClientOptions(new ClientOptions.Head(1024, 4, 8192, 1000, d.head().timeout(), underscores,
                ignoreInvalid, true), d.receiving(), d.keepAlive(), d.lingering(), d.sending(), d.http2(), false);
        return switch (Feeding.feed(new HeadParser(rules)::parse, bytes(request))) {
            case Parsed.Head(RequestHead head, int _) -> head;
            case Parsed.NeedMore<RequestHead> _, Parsed.Refused<RequestHead> _ -> throw new AssertionError(request);
        };
    }
}
