package io.selvage.deploy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import static org.junit.jupiter.api.Assertions.assertTrue;

/// Clients that send requests continuously, each on one kept-alive connection, until they are closed.
final class Load implements AutoCloseable {
    private final List<Thread> clients = new ArrayList<>();
    private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
    private final Semaphore answers = new Semaphore(0);
    private volatile boolean over;

    Load(int port, int count, String target) {
        for (int i = 0; i < count; i++) {
            clients.add(Thread.ofVirtual().start(() -> ask(port, target)));
        }
    }

    /// Waits until this many more requests have been answered.
    void awaitAnswers(int count) throws InterruptedException {
        answers.drainPermits();
        assertTrue(answers.tryAcquire(count, 60, TimeUnit.SECONDS), () -> "the load got no answers: " + failures);
    }

    /// Ends the load.
    ///
    /// @return every failure, that is, everything except a complete answer with status 200
    List<String> stop() {
        over = true;
        for (Thread client : clients) {
            try {
                client.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        return List.copyOf(failures);
    }

    @Override
    public void close() {
        stop();
    }

    private void ask(int port, String target) {
        while (!over) {
            try (var http = new RawHttp(port)) {
                boolean kept = true;
                while (kept && !over) {
                    RawHttp.Answer answer = http.send("GET " + target + " HTTP/1.1\r\nHost: example.org\r\n\r\n").answer();
                    if (answer.status() == 200) {
                        answers.release();
                    } else {
                        failures.add(answer.head().statusLine());
                    }
                    kept = !"close".equals(answer.head().value("connection"));
                }
            } catch (IOException e) {
                failures.add(e.toString());
                return;
            }
        }
    }
}
