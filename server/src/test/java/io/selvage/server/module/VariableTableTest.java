package io.selvage.server.module;

import io.selvage.server.http.Attempt;
import io.selvage.server.http.ClientOptions;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.FakeBody;
import io.selvage.server.http.FakeClient;
import io.selvage.server.http.Folder;
import io.selvage.server.http.Headers;
import io.selvage.server.http.ResponseHead;
import io.selvage.server.http.ScriptPath;
import io.selvage.server.http.Sent;
import io.selvage.server.http.Status;
import io.selvage.server.http.Text;
import io.selvage.server.observe.LogTime;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class VariableTableTest {
    private static final LogTime TIME = new LogTime(InstantSource.fixed(Instant.parse("2026-09-28T15:03:09.042Z")),
            ZoneOffset.ofHours(2));
    private static final VariableTable VARIABLES = new VariableTable(Modules.ALL,
            new VariableSources(TIME, () -> 3_499_999L, "edge-1", "1.31.5"));

    private static Exchange exchange() {
        Exchange exchange = FakeClient.at("2001:db8::7").sends(new FakeBody(0, false),
                "GET /a%20b/c?x=1&Y=&x=2&z=%20#s HTTP/1.1", "Host: Example.org:81", "User-Agent: curl", "X-Two: 1",
                "X-Two: 2", "Cookie: a=1; SID=s3", "Cookie: b=2", "Authorization: Basic YWxhZGRpbjpvcGVu",
                "Content-Type: text/plain", "Content-Length: 0", "X-Forwarded-For: 1.1.1.1");
        exchange.routing().siteName("site.org");
        return exchange;
    }

    private static String value(Exchange exchange, String name) {
        return VARIABLES.find(name).orElseThrow().of(exchange).orElse("none");
    }

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource(delimiter = '|', value = {
        "request|GET /a%20b/c?x=1&Y=&x=2&z=%20#s HTTP/1.1", "request_method|GET", "request_uri|/a%20b/c?x=1&Y=&x=2&z=%20#s",
        "uri|/a b/c", "document_uri|/a b/c", "args|x=1&Y=&x=2&z=%20#s", "query_string|x=1&Y=&x=2&z=%20#s", "is_args|?",
        "arg_x|1", "arg_y|''", "arg_z|%20#s", "arg_w|none", "server_protocol|HTTP/1.1", "host|example.org",
        "request_port|81", "is_request_port|:", "http_user_agent|curl", "http_x_two|1, 2", "http_cookie|a=1; SID=s3; b=2",
        "http_nothing|none", "cookie_a|1", "cookie_sid|s3", "cookie_b|2", "cookie_c|none", "content_type|text/plain",
        "content_length|0", "remote_user|aladdin", "remote_addr|2001:db8::7", "remote_port|50000", "server_addr|127.0.0.1",
        "server_port|8080", "server_name|site.org", "scheme|http", "https|''", "connection|7", "connection_requests|3",
        "connection_time|1.503", "request_time|0.003", "request_completion|''", "status|000", "bytes_sent|11",
        "body_bytes_sent|0", "msec|1790607789.042", "time_local|28/Sep/2026:17:03:09 +0200",
        "time_iso8601|2026-09-28T17:03:09+02:00", "hostname|edge-1", "nginx_version|1.31.5", "limit_rate|0",
        "proxy_host|none", "proxy_add_x_forwarded_for|'1.1.1.1, 2001:db8::7'", "proxy_protocol_addr|none",
        "upstream_addr|none", "upstream_http_server|none", "upstream_cache_status|none", "tcpinfo_rtt|none", "1|none",
    })
    void valuesAsNginxFormatsThem(String name, String value) {
        assertEquals(value, value(exchange(), name));
    }

    @Test
    void binaryAddress() {
        assertEquals("\n\0\0\1", value(FakeClient.asks("GET / HTTP/1.1"), "binary_remote_addr"));
        assertEquals(16, value(exchange(), "binary_remote_addr").length());
        Exchange local = FakeClient.at(UnixDomainSocketAddress.of("")).begins("GET / HTTP/1.1");
        assertEquals("unix:", value(local, "remote_addr"));
        assertEquals("", value(local, "remote_port"));
    }

    @Test
    void requestIdIsConstant() {
        Exchange exchange = exchange();
        String id = value(exchange, "request_id");
        assertTrue(id.matches("[0-9a-f]{32}"), id);
        assertEquals(id, value(exchange, "request_id"));
        assertFalse(id.equals(value(exchange(), "request_id")));
    }

    @Test
    void requestLengthIncludesTheBody() {
        FakeBody body = new FakeBody(100, false);
        Exchange exchange = FakeClient.at("10.0.0.1").sends(body, "POST / HTTP/1.1", "Host: a");
        assertEquals("28", value(exchange, "request_length"));
        body.read(ByteBuffer.allocate(60));
        assertEquals("88", value(exchange, "request_length"));
    }

    @Test
    void siteNameReplacesAMissingHost() {
        Exchange exchange = FakeClient.asks("GET / HTTP/1.0");
        exchange.routing().siteName("site.org");
        assertEquals("site.org", value(exchange, "host"));
        assertEquals("none", value(exchange, "args"));
        assertEquals("", value(exchange, "is_args"));
        assertEquals("", value(exchange, "request_port"));
    }

    @Test
    void variablesOfTheSentAnswer() {
        Exchange exchange = exchange();
        exchange.outcome().head(new ResponseHead(Status.NOT_FOUND, Headers.of("Content-Type", "text/html")));
        assertEquals("404", value(exchange, "status"));
        assertEquals("text/html", value(exchange, "sent_http_content_type"));
        exchange.finish(new Sent(new ResponseHead(Status.OK, Headers.of("Content-Length", "3")), 120, 3, true));
        assertEquals("200", value(exchange, "status"));
        assertEquals("3", value(exchange, "sent_http_content_length"));
        assertEquals("none", value(exchange, "sent_http_content_type"));
        assertEquals("120 3 OK", value(exchange, "bytes_sent") + " " + value(exchange, "body_bytes_sent") + " "
                + value(exchange, "request_completion"));
    }

    @Test
    void severalAttemptsAreListed() throws Exception {
        Exchange exchange = exchange();
        exchange.addAttempt(new Attempt(Attempt.Peer.alone("127.0.0.1:81"), Status.BAD_GATEWAY, 0, -1, -1, -1, 1_000_000,
                Attempt.Traffic.NONE));
        exchange.addAttempt(new Attempt(Attempt.Peer.alone("127.0.0.1:82"), Status.OK, 0, 12_345_678, 0, 2_000_000, 1_234_567_890,
                new Attempt.Traffic(100, 200, 150)));
        exchange.routing().redirect("/fallback", "");
        exchange.addAttempt(new Attempt(Attempt.Peer.alone("unix:/run/app.sock"), Status.OK, 0, -1, 0, 3_000_000, 4_000_000,
                new Attempt.Traffic(1, 2, 3)));
        exchange.beginUpstream().peerHead(new ResponseHead(Status.OK,
                Headers.of("X-A", "b", "Set-Cookie", "sid=1; Path=/", "Set-Cookie", "t=2")));
        assertEquals("127.0.0.1:81, 127.0.0.1:82 : unix:/run/app.sock", value(exchange, "upstream_addr"));
        assertEquals("502, 200 : 200", value(exchange, "upstream_status"));
        assertEquals("-, 0.000 : 0.000", value(exchange, "upstream_connect_time"));
        assertEquals("-, 0.002 : 0.003", value(exchange, "upstream_header_time"));
        assertEquals("0.001, 1.234 : 0.004", value(exchange, "upstream_response_time"));
        assertEquals("0, 150 : 3", value(exchange, "upstream_response_length"));
        assertEquals("0, 100 : 1", value(exchange, "upstream_bytes_sent"));
        assertEquals("0, 200 : 2", value(exchange, "upstream_bytes_received"));
        assertEquals("b", value(exchange, "upstream_http_x_a"));
        assertEquals("1 2", value(exchange, "upstream_cookie_sid") + " " + value(exchange, "upstream_cookie_t"));
    }

    @Test
    void filesOfTheLocation(@TempDir Path folder) throws Exception {
        Files.createSymbolicLink(folder.resolve("link"), folder);
        Exchange exchange = exchange();
        exchange.routing().enterLocation(ClientOptions.DEFAULT, new Folder(Text.literal(folder + "/link"), 0), ScriptPath.NONE);
        assertEquals(folder + "/link", value(exchange, "document_root"));
        assertEquals(folder.toRealPath().toString(), value(exchange, "realpath_root"));
        assertEquals(folder + "/link/a b/c", value(exchange, "request_filename"));
        exchange.routing().enterLocation(ClientOptions.DEFAULT, new Folder(Text.literal("/srv/"), "/a b/".length()),
                ScriptPath.NONE);
        assertEquals("/srv/c", value(exchange, "request_filename"));
    }

    @Test
    void capturesAreVariables() {
        Exchange exchange = exchange();
        exchange.routing().captures(List.of("all", "one", ""));
        assertEquals("one", value(exchange, "1"));
        assertEquals("", value(exchange, "2"));
        assertEquals("none", value(exchange, "3"));
        assertFalse(VARIABLES.find("0").isPresent());
        assertFalse(VARIABLES.find("12").isPresent());
        assertFalse(VARIABLES.find("nobody").isPresent());
        assertTrue(VARIABLES.find("arg_anything").isPresent());
    }
}
