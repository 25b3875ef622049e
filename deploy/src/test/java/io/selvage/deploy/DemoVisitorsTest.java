package io.selvage.deploy;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;

class DemoVisitorsTest {
    @Test
    void askForTheApplicationAndForThePage() throws Exception {
        BlockingQueue<String> paths = new LinkedBlockingQueue<>();
        HttpServer site = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        site.createContext("/", exchange -> {
            paths.add(exchange.getRequestURI().getPath());
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        site.start();
        try (var visitors = new DemoVisitors()) {
            visitors.start(URI.create("http://127.0.0.1:" + site.getAddress().getPort()), SSLContext.getDefault());
            var seen = new TreeSet<String>();
            while (seen.size() < 2) {
                seen.add(requireNonNull(paths.poll(20, TimeUnit.SECONDS), "no more requests"));
            }
            assertEquals(List.of("/", "/api/hello"), List.copyOf(seen));
        } finally {
            site.stop(0);
        }
    }
}
