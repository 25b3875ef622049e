package io.selvage.server.proxy;

import io.selvage.server.http.Answer;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Headers;
import io.selvage.server.http.Text;
import io.selvage.server.net.Io;
import java.util.List;
import java.util.Set;
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
    void endOfThePeerEndsTheTunnelAfterTheRestOfTheClient() throws Exception {
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
            proxy.browser.send("last words");
            FutureTask<Long> tunnel = proxy.tunnel(upgraded);
            assertEquals("", proxy.browser.readToEnd());
            last.await();
            assertEquals(0, tunnel.get());
            assertEquals(List.of("last words"), origin.requests());
        }
    }

    @Test
    void endOfTheClientEndsTheTunnelThoughThePeerStays() throws Exception {
        Signal over = new Signal();
        try (Origin origin = Origin.scripted(wire -> {
            wire.readHead();
            wire.send(SWITCHED + "rest");
            wire.record(wire.readToEnd());
            over.await();
        });
             ProxyFixture proxy = ProxyFixture.to(io, origin)) {
            Answer.Upgraded upgraded = (Answer.Upgraded) proxy.answer(proxy.client.asks("GET", "/", ASKS));
            proxy.browser.send("bye");
            proxy.browser.endOutput();
            FutureTask<Long> tunnel = proxy.tunnel(upgraded);
            assertEquals("rest", proxy.browser.readToEnd());
            assertEquals(4, tunnel.get());
            assertEquals(List.of("bye"), origin.requests());
            over.give();
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

    /// What a peer is sent, where the location sets these fields.
    private String received(List<SetField> set, String... fields) throws Exception {
        UpgradeProtocols protocols = new UpgradeProtocols(Set.of("websocket", "x/2", "y"));
        RequestFields sent = new RequestFields(set, true, LoopDetection.NONE, protocols);
        try (Origin origin = Origin.answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
             ProxyFixture proxy = ProxyFixture.to(io, origin).protocol(ProxyFixture.http1(sent))) {
            assertEquals("200 ok", proxy.get("/", fields));
            return origin.requests().getFirst().replace("GET / HTTP/1.1\r\nHost: app\r\n", "").replace("\r\n", "|");
        }
    }

    private static SetField set(String name, String value) {
        return new SetField(name, Text.literal(value));
    }

    private static SetField setClients(String name) {
        return new SetField(name, exchange -> exchange.headers().first(name).orElse(""));
    }

    @Test
    void allowedProtocolsAreRequested() throws Exception {
        assertEquals("Connection: upgrade|Upgrade: websocket||", received(List.of(), ASKS));
        assertEquals("Connection: upgrade|Upgrade: WebSocket, Y/7||",
                received(List.of(), "connection", "UPGRADE", "upgrade", "z, WebSocket,, Y/7 , x/1"));
        assertEquals("Connection: upgrade|Upgrade: x/2||", received(List.of(), "Connection", "upgrade", "Upgrade", "x/2"));
        assertEquals("|", received(List.of(), "Connection", "upgrade", "Upgrade", "x, x/1, z, h2c"));
    }

    @Test
    void upgradeThatConnectionDoesNotListIsNotRequested() throws Exception {
        List<SetField> tutorial = List.of(setClients("Upgrade"), set("Connection", "upgrade"));
        assertEquals("|", received(List.of(), "Upgrade", "websocket"));
        assertEquals("|", received(List.of(), "Connection", "keep-alive", "Upgrade", "websocket"));
        assertEquals("Connection: upgrade||", received(tutorial, "Upgrade", "websocket"));
    }

    @Test
    void locationMayRemoveTheUpgrade() throws Exception {
        assertEquals("|", received(List.of(set("Connection", "")), ASKS));
        assertEquals("|", received(List.of(set("Connection", ""), setClients("Upgrade")), ASKS));
        assertEquals("Connection: close||", received(List.of(set("Connection", "close"), setClients("Upgrade")), ASKS));
        assertEquals("Connection: upgrade||", received(List.of(set("Connection", "upgrade")), ASKS));
        assertEquals("|", received(List.of(set("Upgrade", "")), ASKS));
    }

    @Test
    void locationMaySetTheUpgradeAsTutorialsDo() throws Exception {
        SetField mapped = new SetField("Connection", exchange -> exchange.headers().contains("Upgrade") ? "upgrade" : "close");
        for (SetField connection : List.of(set("Connection", "upgrade"), set("Connection", "Upgrade"), mapped)) {
            String name = "Connection: " + (connection == mapped ? "upgrade" : connection.value());
            List<SetField> fields = List.of(setClients("Upgrade"), connection);
            assertEquals(name + "|Upgrade: websocket||", received(fields, ASKS));
            assertEquals(connection == mapped ? "Connection: close||" : name + "||", received(fields));
        }
        assertEquals("Connection: upgrade|Upgrade: websocket||", received(List.of(set("Upgrade", "websocket, y")), ASKS));
    }

    @Test
    void changeToAProtocolThatWasNotRequestedIsBadGateway() throws Exception {
        for (String field : List.of("Upgrade: echo\r\n", "Upgrade: websocket, echo\r\n", "")) {
            try (Origin origin = Origin.answering("HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\n" + field + "\r\n");
                 ProxyFixture proxy = ProxyFixture.to(io, origin)) {
                assertEquals("502 failed", proxy.get("/", ASKS));
                assertEquals("502 failed", proxy.get("/"));
            }
        }
    }

    @Test
    void clientLearnsWhatAPeerOffersExceptHttp2() throws Exception {
        String offer = "Connection: upgrade\r\nUpgrade: h2,h2c, websocket\r\nContent-Length: 0\r\n\r\n";
        try (Origin origin = Origin.scripted(wire -> {
            wire.readRequest();
            wire.send("HTTP/1.1 200 OK\r\n" + offer);
            wire.readRequest();
            wire.send("HTTP/1.1 426 Upgrade Required\r\n" + offer);
        }); ProxyFixture proxy = ProxyFixture.to(io, origin)) {
            Answer.Reply offered = (Answer.Reply) proxy.answer(proxy.client.asks("GET", "/"));
            assertEquals(Headers.of("Content-Length", "0", "Upgrade", "websocket"), offered.head().headers());
            Answer.Reply required = (Answer.Reply) proxy.answer(proxy.client.asks("GET", "/"));
            assertEquals(Headers.of("Content-Length", "0", "Upgrade", "h2,h2c, websocket"), required.head().headers());
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
