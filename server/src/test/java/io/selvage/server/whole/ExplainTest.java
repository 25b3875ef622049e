package io.selvage.server.whole;

import io.selvage.server.Json;
import io.selvage.server.http.Explanation;
import io.selvage.server.net.Ios;
import io.selvage.server.proxy.Origin;
import io.selvage.server.wiring.ExplainRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// An explanation says what the server then does.
@Timeout(60)
class ExplainTest {
    private static final String ANSWER = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nhi";
    private static final String PAGE = "x".repeat(2000);

    private static Origin first;
    private static Origin second;
    private static TestServer server;

    @BeforeAll
    static void start() throws IOException {
        first = Origin.answering(ANSWER);
        second = Origin.answering(ANSWER);
        server = TestServer.nginx(Ios.usual(),
                CONFIGURATION.replace("FIRST", first.address()).replace("SECOND", second.address()),
                "www/index.html", PAGE, "www/a.css", PAGE, "www/static/b.css", "b", "www/sub/index.html", "sub",
                "www/pages/404.html", "lost", "www/pre.txt", "pre", "www/pre.txt.gz", "gz");
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
        first.close();
        second.close();
    }

    private static final String CONFIGURATION = """
            limit_req_zone $arg_limited zone=requests:1m rate=1r/m;
            limit_conn_zone $arg_limited zone=connections:1m;
            map $http_x_kind $kind { default plain; special odd; }
            port_in_redirect off;
            gzip on;
            gzip_types text/css;
            gzip_min_length 1000;
            upstream app { hash $uri; server FIRST; server SECOND; }
            server {
                listen 127.0.0.1:0 default_server;
                server_name shop.example www.shop.*;
                root www;
                index index.html;
                rewrite ^/old/(.*)$ /app/$1?from=old last;
                rewrite ^/gone$ /new permanent;
                if ($kind = odd) { rewrite ^ /odd; }
                location / { add_header X-At "$server_name /" always; }
                location = /exact { add_header X-At "$server_name = /exact" always; return 200 here; }
                location /app/ {
                    add_header X-At "$server_name /app/" always;
                    proxy_set_header Host $host;
                    proxy_set_header X-Real-IP $remote_addr;
                    proxy_set_header X-Kind $kind;
                    proxy_pass http://app/v1/;
                    location ~ [.]json { add_header X-At "$server_name ~ [.]json" always; proxy_pass http://app; }
                }
                location ^~ /static/ { add_header X-At "$server_name ^~ /static/" always; expires 1h; }
                location ~ [.]php { add_header X-At "$server_name ~ [.]php" always; return 403; }
                location ~* [.](css|js) { add_header X-At "$server_name ~* [.](css|js)" always; }
                location /try/ { add_header X-At "$server_name /try/" always; try_files /static/none /a.css @app; }
                location /fall/ { add_header X-At "$server_name /fall/" always; try_files /none @app; }
                location @app { add_header X-At "$server_name @app" always; proxy_pass http://app; }
                location /tested {
                    add_header X-At "$server_name /tested" always;
                    set $to app;
                    if ($request_method = POST) { return 405; }
                    if (-f $document_root/index.html) { set $to "app"; }
                    proxy_pass http://$to/fixed?x=$arg_x;
                }
                location /closed { add_header X-At "$server_name /closed" always; deny 127.0.0.1; }
                location /inner { internal; add_header X-At "$server_name /inner" always; }
                location /paged { add_header X-At "$server_name /paged" always; error_page 404 /pages/404.html; }
                location /pages/ { internal; add_header X-At "$server_name /pages/" always; }
                location /limited {
                    add_header X-At "$server_name /limited" always;
                    limit_req zone=requests;
                    limit_conn connections 1;
                    empty_gif;
                }
                location /pre { gzip_static on; add_header X-At "$server_name /pre" always; }
                location /gif { empty_gif; add_header X-At "$server_name /gif" always; }
                location /silent { return 444; }
                location /slash/ { add_header X-At "$server_name /slash/" always; proxy_pass http://app; }
                location /small { client_max_body_size 4; add_header X-At "$server_name /small" always; proxy_pass http://app; }
                location /http10 { proxy_http_version 1.0; add_header X-At "$server_name /http10" always; proxy_pass http://app; }
            }
            server {
                listen 127.0.0.1:0;
                server_name *.wild.example ~^api(?<number>[0-9]+)[.];
                location / { add_header X-At "$server_name /" always; return 200 "$number"; }
            }
            """;

    static Stream<String> requests() {
        return Stream.of("/", "/exact", "/index.html", "/a.css", "/a.css|Accept-Encoding: gzip", "/static/b.css", "/static",
                "/sub", "/sub/", "/nothing", "/x.php", "/x.PHP", "/app/a", "/app/b?q=1", "/app/c%20d?x=%20", "/app/x.json",
                "/old/y", "/gone", "/any|X-Kind: special", "/try/a", "/fall/a", "/fall/b|Accept-Encoding: gzip",
                "/tested?x=1", "/tested|X: y", "/closed", "/inner", "/paged", "/pre.txt|Accept-Encoding: gzip", "/pre.txt",
                "/gif", "/slash", "/small/a", "/http10/a", "//app//a/../b", "/app/%2e%2e/a.css", "/app/h|Host: www.shop.org",
                "/|Host: x.wild.example", "/|Host: api17.example", "/|Host: other", "/|Host: a b", "/%zz",
                "/|Range: bytes=0-9", "/|Range: bytes=9000-", "/a.css|If-None-Match: *", "/app/a|X-Real-IP: 9.9.9.9",
                "/app/a|Connection: X-Gone|X-Gone: 1", "/app/a|Max-Forwards: 3", "/app/k|Upgrade: h2c|Connection: Upgrade");
    }

    @ParameterizedTest
    @MethodSource("requests")
    void explanationIsWhatTheServerDoes(String request) throws IOException {
        agree("GET", request, "");
    }

    @ParameterizedTest
    @CsvSource({"HEAD,/a.css", "POST,/tested", "DELETE,/app/a", "OPTIONS,/app/a", "PUT,/index.html", "TRACE,/", "POST,/exact",
        "OPTIONS,*"})
    void methodsCount(String method, String target) throws IOException {
        agree(method, target, "");
    }

    @ParameterizedTest
    @CsvSource({"/app/a", "/http10/a", "/small/a", "/tested", "/fall/a"})
    void bodiesAreAnnounced(String target) throws IOException {
        agree("POST", target + "|Content-Type: text/plain|Content-Length: 5", "12345");
    }

    private static void agree(String method, String request, String body) throws IOException {
        List<String> words = List.of(request.split("[|]"));
        String target = words.getFirst();
        List<String> fields = words.subList(1, words.size());
        boolean host = fields.stream().anyMatch(field -> field.startsWith("Host:"));
        String head = method + " " + target + " HTTP/1.1\r\n" + (host ? "" : "Host: localhost\r\n")
                + fields.stream().map(field -> field + "\r\n").reduce("", String::concat);
        int before = asked();
        Explanation explained = explain(method, target, fields);
        assertEquals(before, asked(), "nothing is sent for an explanation");

        String answer = server.ask(head + closing(fields) + "\r\n" + body);

        assertSame(explained, answer);
        assertEquals(explained.all("head").stream().anyMatch(each -> each.value("hex").isPresent()) ? before + 1 : before,
                asked());
        if (asked() > before) {
            assertPeer(explained);
        }
        Json.object(explained.toJson());
        assertTrue(explained.toText().lines().allMatch(line -> line.length() <= 132), explained::toText);
    }

    /// Ends the connection, unless the test has its own options for it; the server then ends it after the answer because the
    /// second request says so.
    private static String closing(List<String> fields) {
        return fields.stream().anyMatch(field -> field.startsWith("Connection:")) ? "\r\nGET /silent HTTP/1.1\r\nHost: x\r\n"
                : "Connection: close\r\n";
    }

    private static void assertSame(Explanation explained, String answer) {
        String at = line(answer, "X-At");
        if (!at.isEmpty()) {
            assertEquals(at, explained.value("site").orElse("") + " " + explained.value("location").orElse(""),
                    explained::toText);
        }
        if (explained.value("status").isPresent()) {
            assertEquals(explained.value("status").get(), answer.substring(9, 12), explained::toText);
            explained.all("response").getLast().all("bytes").getLast().text().lines()
                    .filter(line -> !line.startsWith("Expires:")).forEach(line ->
                            assertTrue(answer.contains("\r\n" + line + "\r\n"), () -> line + " is not in " + answer));
        } else {
            assertTrue(answer.contains("\r\nX-At: "), () -> answer + explained.toText());
        }
    }

    private static void assertPeer(Explanation explained) {
        Origin expected = explained.all("content").getLast().value("peer").orElse("").equals(first.address()) ? first : second;
        Explanation head = explained.all("head").stream().filter(each -> each.value("hex").isPresent()).toList().getLast();
        String sent = new String(HexFormat.of().parseHex(head.value("hex").orElseThrow()), StandardCharsets.ISO_8859_1);
        String got = expected.requests().getLast();
        assertEquals(sent, got.substring(0, got.indexOf("\r\n\r\n") + 4));
        assertEquals(sent, head.value("head").orElseThrow());
    }

    private static int asked() {
        return first.requests().size() + second.requests().size();
    }

    private static Explanation explain(String method, String target, List<String> fields) {
        return server.server().explain(new ExplainRequest(method, target, fields, InetAddress.getLoopbackAddress()));
    }

    private static Explanation explain(String target) {
        return explain("GET", target, List.of());
    }

    private static String line(String answer, String name) {
        return answer.lines().filter(line -> line.startsWith(name + ": ")).map(line -> line.substring(name.length() + 2))
                .findFirst().orElse("");
    }

    @Test
    void candidatesSayWhyTheyLost() {
        List<String> candidates = explain("/app/x.css").all("candidate").stream()
                .map(each -> each.name() + " " + each.text()).toList();

        assertTrue(candidates.contains("/app/ is the longest prefix, but an expression goes first"), candidates::toString);
        assertTrue(candidates.contains("/ is a shorter prefix"), candidates::toString);
        assertTrue(candidates.contains("= /exact is another path"), candidates::toString);
        assertTrue(candidates.contains("~ [.]php does not match"), candidates::toString);
        assertTrue(candidates.contains("~* [.](css|js) matches, the first expression that does: chosen"), candidates::toString);
        assertTrue(explain("/static/x.css").all("candidate").stream().anyMatch(each ->
                each.text().equals("is not tried: the longest prefix has ^~")));
    }

    @Test
    void rewritesAreShownStepByStep() {
        List<String> steps = explain("/old/y").all("rewrite").stream().map(each -> each.name() + ": " + each.text()).toList();

        assertEquals("rewrite ^/old/(.*)$ /app/$1?from=old last: "
                + "matches, the URI is now /app/y?from=old, what follows is left out",
                steps.getFirst());
        assertTrue(explain("GET", "/any", List.of("X-Kind: special")).all("rewrite").stream().map(Explanation::toText)
                .anyMatch(text -> text.contains("if ($kind = odd) with \"odd\"") && text.contains("holds")));
    }

    @Test
    void internalRedirectsAreFollowed() {
        Explanation explained = explain("/");

        assertEquals(List.of("/index.html"), explained.all("redirect").stream().map(Explanation::name).toList());
        assertEquals(2, explained.all("location").size());
    }

    @Test
    void filesSayWhetherTheyAreThere() {
        List<Explanation> files = explain("/try/a").all("file");

        assertEquals(List.of("false", "true"), files.stream().limit(2).map(each -> each.value("exists").orElseThrow()).toList());
        assertTrue(files.getFirst().name().endsWith("/www/static/none"));
    }

    @Test
    void limitsCountNothing() throws IOException {
        for (int i = 0; i < 3; i++) {
            assertTrue(explain("/limited?limited=a").all("limit").stream().allMatch(each -> each.text().endsWith("passes")));
        }
        assertEquals("200", server.get("/limited?limited=a").substring(9, 12));

        Explanation limit = explain("/limited?limited=a").all("limit").getFirst();

        assertTrue(limit.text().endsWith("refused"), limit::text);
        assertEquals("503", server.get("/limited?limited=a").substring(9, 12));
    }

    @Test
    void messagesForTheErrorLogAreShownInsteadOfWritten() throws Exception {
        Explanation explained = explain("/only-explained");

        assertTrue(explained.all("message").getFirst().text().contains("/www/only-explained\" failed (2: No such file"));
        server.get("/marker-of-the-log");
        server.awaitLogged("marker-of-the-log");
        assertFalse(server.lines("error.log").stream().anyMatch(line -> line.contains("only-explained")));
    }

    @Test
    void stateOfPeersIsThatOfTheServer() throws IOException {
        try (TestServer other = TestServer.inFrontOf(Ios.usual(),
                "server " + Origin.refusing() + " fail_timeout=1h; server " + Origin.refusing()
                        + " fail_timeout=1h max_conns=9; queue 3 timeout=1ms;")) {
            other.get("/");
            Explanation explained = other.server().explain(
                    new ExplainRequest("GET", "/", List.of(), InetAddress.getLoopbackAddress()));

            assertTrue(explained.all("peer").stream().allMatch(each -> each.text().startsWith(
                    "gets no request (unavailable: a request failed, weight 1, 0 in flight, 1 fails")), explained::toText);
            assertEquals("no peer can be used now: the request waits in the queue, as number 1 of 3",
                    explained.all("note").getFirst().text());
        }
    }

    @Test
    void filtersSayWhy() {
        assertTrue(filter("/a.css", "gzip").contains("the client does not accept gzip"));
        assertTrue(filter("/static/b.css|Accept-Encoding: gzip", "gzip").contains("1 bytes are too few"));
        assertTrue(filter("/a.css|Accept-Encoding: gzip", "gzip").contains("adds Content-Encoding: gzip"));
        assertTrue(filter("/app/a|Accept-Encoding: gzip", "gzip").contains("the client accepts it"));
        assertTrue(filter("/static/b.css", "expires").contains("adds Cache-Control: max-age=3600"));
    }

    private static String filter(String request, String directive) {
        List<String> words = List.of(request.split("[|]"));
        return explain("GET", words.getFirst(), words.subList(1, words.size())).all("filter").stream()
                .filter(each -> each.name().toLowerCase(Locale.ROOT).equals(directive)).findFirst().orElseThrow().text();
    }

    @Test
    void hostileBytesStayInsideTheirStrings() {
        Explanation explained = explain("GET", "/app/%22%0d%0a%1b[31m%ff", List.of("X-Kind: \"\\\u0080\u001b", "Cookie: \u00e9"));

        Json.object(explained.toJson());
        assertTrue(explained.toText().chars().noneMatch(c -> c < ' ' && c != '\n'));
    }
}
