package io.selvage.server.proxy;

import io.selvage.server.http.Answer;
import io.selvage.server.http.Exchange;
import io.selvage.server.net.Io;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertEquals;

/// A request to a peer is aborted when its client disconnects.
@Timeout(60)
@ParameterizedClass(name = "io {0}")
@MethodSource("io.selvage.server.net.Ios#all")
class ClientDisconnectTest {
    @Parameter
    private Io io;

    @Test
    void clientDisconnectBeforeResponseAbortsPeer() throws Exception {
        Signal asked = new Signal();
        Signal left = new Signal();
        try (Origin origin = Origin.scripted(wire -> {
            wire.readRequest();
            asked.give();
            wire.readToEnd();
            left.give();
        });
             ProxyFixture proxy = ProxyFixture.to(io, origin)) {
            Exchange exchange = proxy.client.asks("GET", "/");
            FutureTask<String> result = inBackground(() -> proxy.result(exchange));
            asked.await();
            proxy.client.goAway();
            left.await();
            assertEquals("499 failed", result.get());
            assertEquals("a 499", proxy.attempts(exchange));
            assertEquals(0, proxy.group.upstream().snapshot().getFirst().totals().failed());
            assertEquals(0, proxy.group.upstream().snapshot().getFirst().inFlight());
        }
    }

    @Test
    void clientDisconnectDuringBodyAbortsPeer() throws Exception {
        Signal left = new Signal();
        try (Origin origin = Origin.scripted(wire -> {
            wire.readRequest();
            wire.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\n");
            wire.readToEnd();
            left.give();
        });
             ProxyFixture proxy = ProxyFixture.to(io, origin)) {
            Answer.Reply reply = (Answer.Reply) proxy.answer(proxy.client.asks("GET", "/"));
            FutureTask<String> read = inBackground(() -> proxy.read(reply.body()));
            proxy.client.goAway();
            left.await();
            assertEquals("data: 1\n\n [cut: DOWNSTREAM CLOSED]", read.get());
        }
    }

    @Test
    void peerMayFinishWhenClientAbortIsIgnored() throws Exception {
        Signal asked = new Signal();
        Signal gone = new Signal();
        try (Origin origin = Origin.scripted(wire -> {
            wire.readRequest();
            asked.give();
            gone.await();
            wire.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        });
             ProxyFixture proxy = ProxyFixture.to(io, origin).options(ProxyOptionsBuilder::ignoringClientAbort)) {
            FutureTask<String> result = inBackground(() -> proxy.get("/"));
            asked.await();
            proxy.client.goAway();
            gone.give();
            assertEquals("200 ok", result.get());
        }
    }

    @Test
    void closedBodyClosesPeerConnection() throws Exception {
        Signal left = new Signal();
        try (Origin origin = Origin.scripted(wire -> {
            wire.readRequest();
            wire.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
            wire.readToEnd();
            left.give();
        });
             ProxyFixture proxy = ProxyFixture.to(io, origin)) {
            Answer.Reply reply = (Answer.Reply) proxy.answer(proxy.client.asks("GET", "/"));
            proxy.abandon(reply.body());
            left.await();
            assertEquals(0, proxy.group.upstream().snapshot().getFirst().inFlight());
        }
    }

    private static FutureTask<String> inBackground(Callable<String> task) {
        FutureTask<String> future = new FutureTask<>(task);
        Thread.ofVirtual().start(future);
        return future;
    }
}
