package io.selvage.server.whole;

import io.selvage.server.net.Io;
import io.selvage.server.proxy.Origin;
import io.selvage.server.proxy.Signal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Every exchange has one line in the access log, however it ends. A connection without an exchange has none.
@Timeout(60)
@ParameterizedClass(name = "io {0}")
@MethodSource("io.selvage.server.net.Ios#all")
class ExchangesLoggedTest {
    @Parameter
    private Io io;
    private final Signal asked = new Signal();
    private final Signal ended = new Signal();
    private Origin silent;
    private TestServer server;

    @BeforeEach
    void start() throws IOException {
        silent = Origin.scripted(wire -> {
            wire.readRequest();
            asked.give();
            wire.readToEnd();
            ended.give();
        });
        server = TestServer.nginx(io, """
                server {
                    listen 127.0.0.1:0;
                    root www;
                    location / { error_page 404 /missing.html; }
                    location /hangup { return 444; }
                    location /peer { proxy_pass http://%s; }
                    location /small { client_max_body_size 10; proxy_pass http://127.0.0.1:1; }
                    location /quiet { access_log off; }
                    location /other { access_log other.log line; }
                }
                """.formatted(silent.address()), "www/hello", "hello", "www/missing.html", "sorry", "www/quiet", "q",
                "www/other", "o");
    }

    @AfterEach
    void close() throws IOException {
        server.close();
        silent.close();
    }

    @Test
    void eachExchangeHasOneLine() throws IOException {
        server.get("/hello");
        server.get("/nothing");
        server.get("/hangup");
        server.get("/quiet");
        server.get("/other");
        server.ask("HEAD /hello HTTP/1.0\r\n\r\n");
        server.ask("POST /small HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n");
        server.ask("GET /hello HTTP/1.1\r\nHost: a\r\n\r\nGET /hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        server.ask("GET /bad HTTP/1.1\r\nHost: a\r\nno colon\r\n\r\n");
        server.ask("rubbish\r\n\r\n");
        server.ask("GET /late HTTP/3.0\r\nHost: a\r\n\r\n");
        server.ask("POST /hello HTTP/1.1\r\nHost: a\r\nExpect: much\r\nConnection: close\r\n\r\n");
        server.connect().close();
        assertEquals(List.of("GET /hello HTTP/1.1|200", "GET /nothing HTTP/1.1|404", "GET /hangup HTTP/1.1|444",
                "HEAD /hello HTTP/1.0|200", "POST /small HTTP/1.1|413", "GET /hello HTTP/1.1|200", "GET /hello HTTP/1.1|200",
                "GET /bad HTTP/1.1|400", "rubbish|400", "GET /late HTTP/3.0|505", "POST /hello HTTP/1.1|417"),
                server.accessLog());
        assertEquals(List.of("GET /other HTTP/1.1|200"), server.lines("other.log"));
    }

    @Test
    void whatARequestLineDoesNotSayIsMissing() throws IOException {
        try (TestServer other = TestServer.nginx(io, """
                log_format parts "$request|$request_method|$request_uri|$status";
                access_log parts.log parts;
                server { listen 127.0.0.1:0; }
                """)) {
            other.ask("rubbish\r\n\r\n");
            other.ask("GET /a HTTP/1.0\r\n\r\n");
            other.stop(Duration.ofSeconds(50));
            assertEquals(List.of("rubbish|-|-|400", "GET /a HTTP/1.0|GET|/a|404"), other.lines("parts.log"));
        }
    }

    @Test
    void clientThatDisconnectsBeforeItsAnswerIs499() throws Exception {
        try (RawClient client = server.connect()) {
            client.send("GET /peer HTTP/1.1\r\nHost: a\r\n\r\n");
            asked.await();
        }
        ended.await();
        assertEquals(List.of("GET /peer HTTP/1.1|499"), server.awaitLines("access.log", 1));
        assertEquals(1, server.accessLog().size());
    }

    @Test
    void resetWithinARequestBodyIsLogged() throws Exception {
        try (RawClient client = server.connect()) {
            client.send("POST /peer HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhalf");
            client.reset();
        }
        String line = server.awaitLines("access.log", 1).getFirst();
        assertTrue(line.matches("POST /peer HTTP/1.1\\|(400|499)"), line);
    }

    @Test
    void reopenedLogContinuesInANewFile() throws Exception {
        server.get("/hello");
        server.awaitLines("access.log", 1);
        Path log = server.folder().resolve("access.log");
        Files.move(log, server.folder().resolve("access.log.1"));
        server.server().reopenLogs();
        server.get("/nothing");
        server.awaitLines("access.log", 1);
        assertEquals(List.of("GET /nothing HTTP/1.1|404"), server.accessLog());
        assertEquals(List.of("GET /hello HTTP/1.1|200"), server.lines("access.log.1"));
    }
}
