package io.selvage.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;

/// Peers that a name server knows: they come and go while clients ask, and no client sees an error.
@Timeout(60)
class DiscoveryIT {
    private static final int CLIENTS = 2;

    @TempDir
    private Path folder;

    @BeforeEach
    void makeFolders() throws IOException {
        for (String name : List.of("names", "server", "one", "two", "three")) {
            Files.createDirectory(folder.resolve(name));
        }
    }

    private Application peer(String name, String bind) throws IOException, InterruptedException {
        return Application.gunicorn(folder.resolve(name), name, bind, "sync");
    }

    private static String configuration(NameServer names, String server, int port) {
        return """
                events {
                }
                http {
                    upstream application {
                        resolver %s ipv6=off;
                        server %s resolve;
                    }
                    server {
                        listen 127.0.0.1:%d;
                        location / {
                            proxy_pass http://application;
                        }
                    }
                }
                """.formatted(names.address(), server, port);
    }

    @Test
    void peersComeAndGoWithoutErrors() throws Exception {
        int port = SelvageProcess.freePort();
        try (var one = peer("one", "127.0.0.2:0"); var _ = peer("two", "127.0.0.3:" + one.port());
                var _ = peer("three", "127.0.0.4:" + one.port());
                var names = NameServer.start(folder.resolve("names"), List.of("127.0.0.2 app.test"));
                var selvage = SelvageProcess.start(folder.resolve("server"),
                        configuration(names, "app.test:" + one.port(), port));
                var clients = new Clients(port)) {
            clients.awaitOnly("one");
            names.hosts(List.of("127.0.0.2 app.test", "127.0.0.3 app.test"));
            clients.awaitAnswerOf("two");
            names.hosts(List.of("127.0.0.3 app.test"));
            clients.awaitOnly("two");
            one.server().close();
            names.stop();
            selvage.server().awaitLines(1, "host \"app.test\" could not be resolved .*, its last addresses are kept");
            clients.awaitOnly("two");
            names.restart(List.of("127.0.0.4 app.test"));
            selvage.server().awaitLines(1, "host \"app.test\" is found again");
            clients.awaitOnly("three");
            assertEquals(List.of(), clients.errors());
        }
    }

    @Test
    void serviceHasBackupsAndWeights() throws Exception {
        int port = SelvageProcess.freePort();
        try (var one = peer("one", "127.0.0.1:0"); var two = peer("two", "127.0.0.1:0"); var three = peer("three", "127.0.0.1:0");
                var names = NameServer.start(folder.resolve("names"), List.of("127.0.0.1 pod.test"),
                        "_http._tcp.app.test,pod.test," + one.port() + ",10,3",
                        "_http._tcp.app.test,pod.test," + two.port() + ",10,1",
                        "_http._tcp.app.test,pod.test," + three.port() + ",20,1");
                var _ = SelvageProcess.start(folder.resolve("server"), configuration(names, "app.test service=http", port))) {
            List<String> answers = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                answers.add(Echo.of(RawHttp.get(port, "/")).get("peer"));
            }
            assertEquals(List.of("one", "one", "one", "one", "one", "one", "two", "two"), answers.stream().sorted().toList());
            one.server().close();
            two.server().close();
            assertEquals("three", Echo.of(RawHttp.get(port, "/")).get("peer"));
        }
    }

    /// Clients that ask without a pause, each on a new connection.
    private static final class Clients implements AutoCloseable {
        private final Queue<String> errors = new ConcurrentLinkedQueue<>();
        private final List<String> answers = new ArrayList<>();    // guarded by itself
        private final List<Thread> threads = new ArrayList<>();
        private final int port;
        private volatile boolean closed;

        Clients(int port) {
            this.port = port;
            for (int i = 0; i < CLIENTS; i++) {
                threads.add(Thread.startVirtualThread(this::ask));
            }
        }

        private void ask() {
            while (!closed) {
                try {
                    RawHttp.Answer answer = RawHttp.get(port, "/");
                    if (answer.status() == 200) {
                        answered(Echo.of(answer).get("peer"));
                    } else {
                        errors.add("status " + answer.status());
                    }
                } catch (IOException e) {
                    errors.add(e.toString());
                }
            }
        }

        private void answered(String peer) {
            synchronized (answers) {
                answers.add(peer);
                answers.notifyAll();
            }
        }

        /// Waits until a peer has answered.
        void awaitAnswerOf(String peer) throws InterruptedException {
            await(1, peer);
        }

        /// Waits until many answers in a row are those of one peer.
        void awaitOnly(String peer) throws InterruptedException {
            await(20 * CLIENTS, peer);
        }

        private void await(int inRow, String peer) throws InterruptedException {
            synchronized (answers) {
                int found = 0;
                for (int next = answers.size(); found < inRow; next++) {
                    while (next >= answers.size()) {
                        answers.wait();
                    }
                    found = peer.equals(answers.get(next)) ? found + 1 : 0;
                }
            }
        }

        List<String> errors() {
            return List.copyOf(errors);
        }

        @Override
        public void close() {
            closed = true;
            try {
                for (Thread thread : threads) {
                    thread.join();
                }
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
