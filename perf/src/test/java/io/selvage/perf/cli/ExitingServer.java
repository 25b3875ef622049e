package io.selvage.perf.cli;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/// Serves one file, a few times, and ends with exit code 7.
public final class ExitingServer {
    private static final int PATIENCE = 8;

    private ExitingServer() {
    }

    public static void main(String[] args) throws Exception {
        byte[] body = Files.readAllBytes(Path.of(args[1]));
        var asked = new AtomicInteger();
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0]));
        HttpServer server = HttpServer.create(address, 0);
        server.createContext("/", exchange -> {
            if (asked.incrementAndGet() > PATIENCE) {
                System.out.println("out of requests");
                System.out.flush();
                Runtime.getRuntime().halt(7);
            }
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }
}
