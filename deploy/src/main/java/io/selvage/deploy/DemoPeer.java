package io.selvage.deploy;

import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.net.InetAddress;
import java.time.Duration;
import java.util.stream.Collectors;

/// One application server of the demo. It answers with its name at `/api/hello` and with the received header fields at
/// `/api/headers`, at once or after a delay. It listens on a free loopback port from its construction on.
final class DemoPeer implements AutoCloseable {
    private final WebServer server;

    /// One that answers at once.
    DemoPeer(String name) {
        this(name, Duration.ZERO);
    }

    /// @param delay the time that each answer takes
    DemoPeer(String name, Duration delay) {
        server = WebServer.builder()
                .address(InetAddress.getLoopbackAddress())
                .port(0)
                .shutdownHook(false)
                .routing(routing -> routes(routing.addFilter((chain, _, _) -> proceedAfter(delay, chain)), name))
                .build()
                .start();
    }

    int port() {
        return server.port();
    }

    @Override
    public void close() {
        server.stop();
    }

    private static void proceedAfter(Duration delay, FilterChain chain) {
        try {
            Thread.sleep(delay);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();            // the peer ends
        }
        chain.proceed();
    }

    private static void routes(HttpRouting.Builder routing, String name) {
        routing.get("/api/hello", (_, answer) -> answer.send(name + "\n"));
        routing.post("/api/hello", (request, answer) ->
                answer.send(name + " took " + request.content().as(byte[].class).length + " bytes\n"));
        routing.get("/api/headers", DemoPeer::headers);
    }

    private static void headers(ServerRequest request, ServerResponse answer) {
        answer.send(request.headers().stream()
                .map(header -> header.name() + ": " + header.values() + "\n")
                .collect(Collectors.joining()));
    }
}
