package io.selvage.server.http1;

import io.selvage.server.http.Answer;
import io.selvage.server.http.Body;
import io.selvage.server.http.ClientOptions;
import io.selvage.server.http.EntryPoint;
import io.selvage.server.http.Handler;
import io.selvage.server.http.HandlerRouter;
import io.selvage.server.http.Headers;
import io.selvage.server.http.HostOptions;
import io.selvage.server.http.ResponseHead;
import io.selvage.server.http.Router;
import io.selvage.server.http.Sent;
import io.selvage.server.http.Status;
import io.selvage.server.net.Connection;
import io.selvage.server.net.ConnectionLimit;
import io.selvage.server.net.ConnectionPhase;
import io.selvage.server.net.Io;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;


/// A client on a fake connection, the loop that serves it, and what happened, in order.
abstract class ServeLoopFixture {
    static final String DATE = "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n";
    static final String HI = "HTTP/1.1 200 OK\r\n" + DATE + "Content-Length: 2\r\nConnection: keep-alive\r\n\r\nhi";
    static final String LAST_HI = HI.replace("keep-alive", "close");

    static final ConnectionLimit LIMIT = new ConnectionLimit(100, Io.jdk(), _ -> { });

    private static final Logger LOGGER = Logger.getLogger("io.selvage.server.http1");

    static {
        // Some handlers and bodies fail on purpose; the log would report it.
        LOGGER.setLevel(Level.OFF);
    }

    final List<String> events = new ArrayList<>();
    final FakeConnection client = new FakeConnection(events);
    final FakeClock clock = new FakeClock();
    final List<Sent> sent = new ArrayList<>();
    ClientOptions rules = ClientOptions.DEFAULT;

    final void serve(Handler handler) {
        loop(client, handler).serve();
        client.close();
    }

    final ServeLoop loop(Connection connection, Handler handler) {
        return loop(connection, LIMIT.phase(connection), handler);
    }

    final ServeLoop loop(Connection connection, ConnectionPhase phase, Handler handler) {
        Router.Factory routers = HandlerRouter.of(exchange -> {
            events.add(exchange.routing().method() + " " + exchange.routing().path());
            exchange.whenDone(over -> {
                sent.add(over.outcome().sent().orElseThrow());
                events.add("done " + over.outcome().sent().get().head().status().code());
            });
            return handler.handle(exchange);
        });
        return new ServeLoop(connection, phase, 7, Optional.empty(), () -> new EntryPoint(rules, HostOptions.SAME, routers),
                clock);
    }

    static Answer reply(String text) {
        return reply(200, Headers.EMPTY, Body.text(text));
    }

    static Answer reply(int status, Headers headers, Body body) {
        return new Answer.Reply(new ResponseHead(Status.of(status), headers), body);
    }
}
