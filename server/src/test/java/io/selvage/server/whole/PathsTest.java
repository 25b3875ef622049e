package io.selvage.server.whole;

import io.selvage.server.net.Io;
import io.selvage.server.proxy.Origin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// No encoding of a path reaches files outside the folder, bypasses a location, or injects lines into a head or a log.
@Timeout(60)
@ParameterizedClass(name = "io {0}")
@MethodSource("io.selvage.server.net.Ios#all")
class PathsTest {
    @Parameter
    private Io io;
    private Origin origin;
    private TestServer server;

    @BeforeEach
    void start() throws IOException {
        origin = Origin.answering("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\npeer");
        server = TestServer.nginx(io, """
                server {
                    listen 127.0.0.1:0;
                    root www;
                    location / { }
                    location /img { alias www/img/; }
                    location /admin/ { return 403; }
                    location = /back { return 302 /to$uri; }
                    location /echo { return 302 http://$host$uri?$args; }
                    location /quiet/ { add_header X-Path $uri; }
                    location /app/ { proxy_pass http://%s; }
                    location /hidden { deny all; }
                    location /try/ { try_files $uri =444; }
                    location /both/ { try_files $uri $uri.html; proxy_pass http://127.0.0.1:1; }
                }
                """.formatted(origin.address()), "www/index.html", "index", "www/hello.txt", "hello", "secret", "SECRET",
                "www/img/a.png", "png", "www/img../x", "no", "www/admin/key", "SECRET", "www/hidden", "SECRET",
                "www/.dot", "dot", "www/folder/index.html", "folder", "www/try/there", "there", "www/quiet/x", "x");
    }

    @AfterEach
    void close() throws IOException {
        server.close();
        origin.close();
    }

    @Test
    void prefixOfPassedLocationIsRedirectedToItsSlash() throws IOException {
        for (String path : List.of("/app", "/both")) {
            String answer = server.get(path);
            assertTrue(answer.matches("(?s)HTTP/1.1 301 .*\r\nLocation: http://[^\r]*" + path + "/\r\n.*"), answer);
        }
    }

    @Test
    void noEncodedPathLeavesTheFolder() throws IOException {
        for (String path : List.of("/../secret", "/%2e%2e/secret", "/%2e%2e%2fsecret", "/..%2fsecret", "/%252e%252e/secret",
                "/..%5csecret", "/..\\secret", "/img../secret", "/img/../../secret", "/img/..%2f..%2fsecret",
                "/folder/../../secret",
                "/hello.txt%00.png", "/hello.txt\0", "/%c0%ae%c0%ae/secret", "/..;/secret", "/.%2e/secret", "/./../secret",
                "//../secret", "/hello.txt/", "/hello.txt/../../secret", "/hello.txt%20", "/hello.txt.", "/img../x",
                "/%2e%2e", "/..", "/img..", "/try/..%2f..%2fsecret")) {
            String answer = server.get(path);
            assertFalse(answer.contains("SECRET"), path);
            assertTrue(answer.isEmpty() || answer.matches("(?s)HTTP/1.1 (400|403|404) .*"), () -> path + ": " + answer);
        }
    }

    @Test
    void locationAndFileUseTheSameNormalisedPath() throws IOException {
        for (String path : List.of("/admin/key", "/%61dmin/key", "/x/../admin/key", "//admin/key", "/admin//key", "/./admin/key",
                "/admin%2fkey", "/x/%2e%2e/admin/key", "/hidden", "/%68idden", "/./hidden", "//hidden", "/hidden?x",
                "/hidden/")) {
            String answer = server.get(path);
            assertFalse(answer.contains("SECRET"), path);
            assertTrue(answer.matches("(?s)HTTP/1.1 (403|404) .*"), () -> path + ": " + answer);
        }
        assertTrue(server.get("/%68ello.txt").endsWith("\r\n\r\nhello"));
        assertTrue(server.get("/img/a.png").endsWith("\r\n\r\npng"));
    }

    @Test
    void specialFilesAreNotServedAndDoNotBlock() throws Exception {
        Path www = server.folder().resolve("www");
        Files.createSymbolicLink(www.resolve("dangling"), Path.of("nowhere"));
        Files.createSymbolicLink(www.resolve("loop"), Path.of("loop"));
        Files.createSymbolicLink(www.resolve("device"), Path.of("/dev/zero"));
        Files.createSymbolicLink(www.resolve("inside"), Path.of("hello.txt"));
        Process made = new ProcessBuilder("mkfifo", www.resolve("fifo").toString()).start();
        assertTrue(made.waitFor(50, TimeUnit.SECONDS));

        for (String path : List.of("/dangling", "/loop", "/device", "/fifo")) {
            String answer = server.get(path);
            assertTrue(answer.matches("(?s)HTTP/1.1 (403|404) .*"), () -> path + ": " + answer);
        }
        assertTrue(server.get("/inside").endsWith("\r\n\r\nhello"));
        assertTrue(server.get("/folder").startsWith("HTTP/1.1 301 "));
        Files.delete(www.resolve("fifo"));
    }

    @Test
    void thousandRangesAreAnsweredWithTheFile() throws IOException {
        String many = server.ask("GET /hello.txt HTTP/1.1\r\nHost: a\r\nConnection: close\r\nRange: bytes=0-"
                + ",0-".repeat(1000) + "\r\n\r\n");
        assertTrue(many.length() < 5000, many);
        for (String none : List.of("bytes=9-", "bytes=-0", "bytes=99999999999999999999-")) {
            String answer = server.ask("GET /hello.txt HTTP/1.1\r\nHost: a\r\nConnection: close\r\nRange: " + none + "\r\n\r\n");
            assertTrue(answer.startsWith("HTTP/1.1 416 "), () -> none + answer);
        }
        for (String ignored : List.of("bytes=", "bytes=3-1", "lines=1-2", "bytes=a-b", "bytes")) {
            String answer = server.ask("GET /hello.txt HTTP/1.1\r\nHost: a\r\nConnection: close\r\nRange: " + ignored
                    + "\r\n\r\n");
            assertTrue(answer.matches("(?s)HTTP/1.1 (200|416) .*"), () -> ignored + answer);
        }
    }

    @Test
    void redirectCannotInjectALineOrAnotherHost() throws IOException {
        for (String path : List.of("/echo%0d%0aSet-Cookie:x=1", "/echo/%0aSet-Cookie:x", "/echo?a%0d%0aSet-Cookie:x=1",
                "/quiet/%0d%0aSet-Cookie:x", "/quiet/x%0d%0aSet-Cookie:x", "/folder%0d%0aSet-Cookie:x",
                "/back%0d%0aSet-Cookie:x")) {
            String answer = server.get(path);
            String head = answer.substring(0, answer.indexOf("\r\n\r\n"));
            assertFalse(head.contains("\nSet-Cookie"), head);
            assertFalse(head.replace("\r\n", "").contains("\n"), head);
        }
        Files.createDirectories(server.folder().resolve("www/evil.com/x"));
        for (String path : List.of("//evil.com/x", "/%2fevil.com/x", "///evil.com/x", "/\\evil.com/..//evil.com/x")) {
            String answer = server.get(path);
            assertFalse(answer.matches("(?s).*Location: (//|\\\\|https?://evil).*"), () -> path + ": " + answer);
        }
    }

    @Test
    void requestCannotInjectALineForThePeer() throws IOException {
        server.get("/app/%0d%0aX-Smuggled:1%0d%0a");
        server.get("/app/a%20b%23c%3fd");
        assertEquals(List.of("GET /app/%0d%0aX-Smuggled:1%0d%0a", "GET /app/a%20b%23c%3fd"),
                origin.requests().stream().map(request -> request.substring(0, request.indexOf(" HTTP/"))).toList());
    }

    @Test
    void requestCannotInjectALogLine() throws IOException {
        server.ask("GET /%0a\u001b[2J\"x HTTP/1.1\r\nHost: a\r\nUser-Agent: \u001b]0;x\u0007\"\r\nConnection: close\r\n\r\n");
        server.ask("GET /no%0aWHAT HTTP/1.1\r\nHost: a\r\nReferer: \"a\u00e9\r\nConnection: close\r\n\r\n");
        server.ask("GET /no\r\nInjected HTTP/1.1\r\n\r\n");
        List<String> access = server.accessLog();
        assertEquals(3, access.size(), access.toString());
        List<String> both = new ArrayList<>(access);
        both.addAll(server.errorLog());
        assertTrue(both.stream().allMatch(line -> line.chars().allMatch(c -> c >= ' ' && c < 0x7f)), both.toString());
    }

    @Test
    void rootMayContainParentSteps() throws IOException {
        server.reload("""
                server {
                    listen 127.0.0.1:0;
                    root www/img/..//./;
                    location /pictures/ { alias www/folder/../img/; }
                    location /named/ { root www/../$arg_in; }
                }
                """);
        assertTrue(server.get("/hello.txt").endsWith("\r\n\r\nhello"));
        assertTrue(server.get("/pictures/a.png").endsWith("\r\n\r\npng"));
        assertTrue(server.get("/pictures../secret").startsWith("HTTP/1.1 404 "));
        Files.createDirectories(server.folder().resolve("www/named"));
        Files.writeString(server.folder().resolve("www/named/x"), "named");
        assertTrue(server.get("/named/x?in=www").endsWith("\r\n\r\nnamed"));
        assertTrue(server.get("/named/x?in=www/img/..").startsWith("HTTP/1.1 404 "));
    }

    @Test
    void tryFilesMayCloseSilently() throws IOException {
        assertTrue(server.get("/try/there").endsWith("\r\n\r\nthere"));
        assertEquals("", server.get("/try/missing"));
        assertEquals(List.of("GET /try/there HTTP/1.1|200", "GET /try/missing HTTP/1.1|444"), server.accessLog());
    }

    @Test
    void traceAndConnectAreRefused() throws IOException {
        for (String start : List.of("TRACE / HTTP/1.1\r\nHost: a\r\nMax-Forwards: 0", "TRACE /app/ HTTP/1.1\r\nHost: a",
                "CONNECT a:80 HTTP/1.1\r\nHost: a:80")) {
            String answer = server.ask(start + "\r\nConnection: close\r\n\r\n");
            assertTrue(answer.matches("(?s)HTTP/1.1 405 .*\r\nAllow: GET, HEAD, .*"), () -> start + "\n" + answer);
        }
        assertEquals(0, origin.received());
        assertTrue(server.ask("OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").startsWith("HTTP/1.1 200 "));
        assertTrue(server.ask("GET * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").startsWith("HTTP/1.1 400 "));
        assertTrue(server.ask("DELETE /hello.txt HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").contains(
                "\r\nAllow: GET, HEAD"));
    }
}
