package io.selvage.deploy;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import javax.net.ssl.SSLContext;

/// Visitors of the demo: they ask for its page and for its application, twenty times a second, until they are closed.
final class DemoVisitors implements AutoCloseable {
    private static final Duration PAUSE = Duration.ofMillis(50);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    /// The maximum number of requests without an answer.
    private static final int MOST_OPEN = 50;
    private static final List<String> PATHS = List.of("/api/hello", "/", "/api/hello");

    private final Semaphore places = new Semaphore(MOST_OPEN);
    private volatile boolean closed;

    /// @param site without a path
    /// @param trust used if the site speaks TLS
    void start(URI site, SSLContext trust) {
        Thread.ofVirtual().start(() -> {
            try (var client = HttpClient.newBuilder().sslContext(trust).version(HttpClient.Version.HTTP_1_1).build()) {
                for (int i = 0; !closed; i++) {
                    places.acquire();
                    var request = HttpRequest.newBuilder(site.resolve(PATHS.get(i % PATHS.size()))).timeout(PATIENCE).build();
                    client.sendAsync(request, BodyHandlers.discarding()).whenComplete((_, _) -> places.release());
                    Thread.sleep(PAUSE);
                }
                client.shutdownNow();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        });
    }

    @Override
    public void close() {
        closed = true;
    }
}
