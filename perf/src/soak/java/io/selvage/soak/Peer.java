package io.selvage.soak;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.CRC32;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/// The application behind the server.
record Peer(HttpServer server, ExecutorService threads) implements AutoCloseable {
    private static final byte[] BIG = "peer ".repeat(300_000).getBytes(ISO_8859_1);

    static Peer start() throws IOException {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 500);
        var threads = Executors.newVirtualThreadPerTaskExecutor();
        server.setExecutor(threads);
        server.createContext("/app/nonce", exchange ->
                answer(exchange, text("nonce " + exchange.getRequestURI().getQuery().substring(2))));
        server.createContext("/app/big", exchange -> answer(exchange, BIG));
        server.createContext("/app/slow", Peer::slow);
        server.createContext("/app/sum", exchange -> {
            CRC32 sum = new CRC32();
            sum.update(exchange.getRequestBody().readAllBytes());
            answer(exchange, text("sum " + sum.getValue()));
        });
        server.start();
        return new Peer(server, threads);
    }

    int port() {
        return server.getAddress().getPort();
    }

    private static byte[] text(String text) {
        return text.getBytes(ISO_8859_1);
    }

    private static void answer(HttpExchange exchange, byte[] body) throws IOException {
        try (exchange) {
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private static void slow(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.sendResponseHeaders(200, BIG.length);
            Thread.sleep(300);
            exchange.getResponseBody().write(BIG);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
