package io.selvage.server.proxy;

import io.selvage.server.http.Answer;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Headers;
import io.selvage.server.http.Text;
import io.selvage.server.net.Io;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// WebSocket and other changes of protocol.
@Timeout(60)
@ParameterizedClass(name = "io {0}")
@MethodSource("io.selvage.server.net.Ios#all")
class UpgradeTest {
    @Parameter
    private Io io;

    private static final String SWITCHED =
            "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n";
    private static final String[] ASKS = {"Connection", "keep-alive, Upgrade", "Upgrade", "websocket"};

    @Test
    void tunnelCopiesBothWays() throws Exception {
        try (Origin origin = Origin.scripted(wire -> {
            wire.record(wire.readHead());
            wire.send(SWITCHED + "welcome ");
            wire.send("echo " + wire.readUntil("!"));
            wire.record(wire.readToEnd());
        });
             ProxyFixture proxy = ProxyFixture.to(io, origin)) {
            Exchange exchange = proxy.client.asks("GET", "/", ASKS);
            Answer.Upgraded upgraded = (Answer.Upgraded) proxy.answer(exchange);
            assertEquals(Headers.of("Upgrade", "websocket", "Connection", "upgrade"), upgraded.head().headers());
            FutureTask<Long> tunnel = proxy.tunnel(upgraded);
            proxy.browser.send("hello!");
            assertEquals("welcome echo hello!", proxy.browser.read(19));
            proxy.browser.send("bye");
            proxy.browser.endOutput();
            assertEquals("", proxy.browser.readToEnd());
            assertEquals(19, tunnel.get());
            assertEquals(List.of("GET / HTTP/1.1\r\nHost: app\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n", "bye"),
                    origin.requests());
            assertEquals(19, exchange.upstream().attempts().getFirst().traffic().body());
            assertEquals(0, proxy.group.upstream().snapshot().getFirst().inFlight());
        }
    }

    @Test
    void endOfPeerIsPassedOnWhileClientMaySend() throws Exception {
        Signal last = new Signal();
        try (Origin origin = Origin.scripted(wire -> {
            wire.readHead();
            wire.send(SWITCHED);
            wire.endOutput();
            wire.record(wire.readToEnd());
            last.give();
        });
             ProxyFixture proxy = ProxyFixture.to(io, origin)) {
            Answer.Upgraded upgraded = (Answer.Upgraded) proxy.answer(proxy.client.asks("GET", "/", ASKS));
            FutureTask<Long> tunnel = proxy.tunnel(upgraded);
            assertEquals("", proxy.browser.readToEnd());
            proxy.browser.send("last words");
            proxy.browser.endOutput();
            last.await();
            assertEquals(0, tunnel.get());
            assertEquals(List.of("last words"), origin.requests());
        }
    }

    @Test
    void silentPeerEndsTunnelAfterReadTimeout() throws Exception {
        try (Origin origin = Origin.scripted(wire -> {
            wire.readHead();
            wire.send(SWITCHED);
            wire.readToEnd();
        });
             ProxyFixture proxy = ProxyFixture.to(io, origin)
                     .options(o -> o.readTimeout(ProxyFixture.MODERATE))) {
            Answer.Upgraded upgraded = (Answer.Upgraded) proxy.answer(proxy.client.asks("GET", "/", ASKS));
            FutureTask<Long> tunnel = proxy.tunnel(upgraded);
            assertEquals("", proxy.browser.readToEnd());
            assertEquals(0, tunnel.get());
        }
    }

    @Test
    void refusedUpgradeIsReplyAndClosesConnection() throws Exception {
        try (Origin origin = Origin.answering("HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno");
             ProxyFixture proxy = ProxyFixture.to(io, origin)) {
            Exchange exchange = proxy.client.asks("GET", "/", ASKS);
            assertEquals("404 no", proxy.result(exchange));
            assertTrue(exchange.outcome().isClosing());
        }
    }

    @Test
    void emptyConnectionFieldAllowsUpgrade() throws Exception {
        RequestFields fields = new RequestFields(List.of(new SetField("Connection", Text.literal(""))), true, LoopDetection.NONE);
        try (Origin origin = Origin.scripted(wire -> {
            wire.record(wire.readHead());
            wire.send(SWITCHED);
        });
             ProxyFixture proxy = ProxyFixture.to(io, origin).protocol(ProxyFixture.http1(fields))) {
            assertEquals("101 upgraded", proxy.get("/", ASKS));
            assertEquals(List.of("GET / HTTP/1.1\r\nHost: app\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n"),
                    origin.requests());
        }
    }

    @Test
    void explicitUpgradeFieldsAllowUpgrade() throws Exception {
        RequestFields fields = new RequestFields(List.of(new SetField("Connection", Text.literal("upgrade")),
                new SetField("Upgrade", exchange -> exchange.headers().first("Upgrade").orElse(""))), true, LoopDetection.NONE);
        try (Origin origin = Origin.scripted(wire -> {
            wire.record(wire.readHead());
            wire.send(SWITCHED);
        });
             ProxyFixture proxy = ProxyFixture.to(io, origin).protocol(ProxyFixture.http1(fields))) {
            assertEquals("101 upgraded", proxy.get("/", ASKS));
            assertEquals(List.of("GET / HTTP/1.1\r\nHost: app\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n"),
                    origin.requests());
        }
    }

    @Test
    void upgradeToHttp2IsNeverRequested() throws Exception {
        try (Origin origin = Origin.answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
             ProxyFixture proxy = ProxyFixture.to(io, origin)) {
            assertEquals("200 ok", proxy.get("/", "Connection", "Upgrade, HTTP2-Settings", "Upgrade", "h2c",
                    "HTTP2-Settings", "AA"));
            assertEquals(List.of("GET / HTTP/1.1\r\nHost: app\r\n\r\n"), origin.requests());
        }
    }

    @Test
    void closedTunnelReleasesPeer() throws Exception {
        Signal left = new Signal();
        try (Origin origin = Origin.scripted(wire -> {
            wire.readHead();
            wire.send(SWITCHED);
            wire.readToEnd();
            left.give();
        });
             ProxyFixture proxy = ProxyFixture.to(io, origin)) {
            assertEquals("101 upgraded", proxy.get("/", ASKS));
            left.await();
            assertEquals(0, proxy.group.upstream().snapshot().getFirst().inFlight());
        }
    }
}
