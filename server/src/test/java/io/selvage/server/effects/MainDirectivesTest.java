package io.selvage.server.effects;

import io.selvage.server.proxy.Origin;
import io.selvage.server.proxy.Signal;
import io.selvage.server.whole.RawClient;
import io.selvage.server.whole.TestServer;
import java.io.IOException;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static io.selvage.server.effects.Serving.main;
import static io.selvage.server.effects.Serving.status;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// The process. What it does for itself when it starts is seen in a process of its own.
@Timeout(60)
class MainDirectivesTest {
    private static final String GET = "GET %s HTTP/1.1\r\nHost: a\r\n\r\n";

    private static TestServer limited(int workers, int connections) throws IOException {
        return main("""
                worker_processes %d;
                events { worker_connections %d; }
                http {
                    access_log off;
                    server { listen 127.0.0.1:0; return 204; }
                }
                """.formatted(workers, connections));
    }

    /// What two clients see that ask one after the other, and then the first again: whether it still has its connection.
    private static boolean bothAreKept(TestServer server) throws IOException {
        try (RawClient first = server.connect()) {
            assertEquals(204, status(first.send(GET.formatted("/first")).readHead()));
            try (RawClient second = server.connect()) {
                assertEquals(204, status(second.send(GET.formatted("/second")).readHead()));
                return isAnswered(first, GET.formatted("/again"));
            }
        }
    }

    private static boolean isAnswered(RawClient client, String request) {
        try {
            return status(client.send(request).readHead()) == 204;
        } catch (IOException closed) {
            return false;
        }
    }

    @Test
    @Effect({"events", "worker_connections", "worker_processes"})
    void workerConnectionsLimitsTheConnectionsOfAllWorkers() throws IOException {
        try (TestServer one = limited(1, 1); TestServer two = limited(1, 2); TestServer workers = limited(2, 1)) {
            assertFalse(bothAreKept(one));
            assertTrue(bothAreKept(two));
            assertTrue(bothAreKept(workers));
        }
    }

    @Test
    @Effect("load_module")
    void loadModuleRefusesAModuleThatNobodyKnows() throws IOException {
        String rest = "events { } http { server { listen 127.0.0.1:0; return 204; } }";
        try (TestServer server = main("load_module modules/ngx_http_slice_module.so; load_module ngx_mail_module.so; " + rest)) {
            assertEquals(204, status(server.get("/")));
        }
        IOException refused = assertThrows(IOException.class, () -> main("load_module modules/ngx_my_own.so; " + rest));
        assertTrue(refused.getMessage().contains("needs a module of nginx that is known here"), refused::getMessage);
    }

    @Test
    @Effect("worker_shutdown_timeout")
    void workerShutdownTimeoutEndsWhatIsUnderWayAfterAReload() throws Exception {
        Signal asked = new Signal();
        try (Origin origin = Origin.scripted(wire -> {
            wire.readRequest();
            asked.give();
            wire.end();
        })) {
            String before = """
                    worker_shutdown_timeout 50ms;
                    events { }
                    http {
                        access_log off;
                        server { listen 127.0.0.1:0; return 204; }
                        server { listen 127.0.0.2:0; location / { proxy_pass http://%s; } }
                    }
                    """.formatted(origin.address());
            String after = before.replaceAll(" +server .*proxy_pass.*\n", "");
            try (TestServer server = main(before); RawClient client = new RawClient(server.address("127.0.0.2"))) {
                client.send(GET.formatted("/"));
                asked.await();
                server.reloadMain(after);
                assertThrows(SocketException.class, client::readToEnd);
                assertEquals(204, status(server.get("/")));
            }
        }
    }

    @Test
    @Effect({"io", "pid", "user"})
    void ioPidAndUserHoldForTheProcess(@TempDir Path folder) throws Exception {
        String rest = "error_log stderr notice; events { } http { access_log off; server { listen 127.0.0.1:0; return 204; } }";
        boolean root = uid(ProcessHandle.current().pid()) == 0;
        try (ServerProcess usual = ServerProcess.start(Files.createDirectory(folder.resolve("usual")), "io carrier;" + rest);
             ServerProcess other = ServerProcess.start(folder, "io jdk; pid run.pid; user daemon;" + rest)) {
            usual.awaitLine("started, io carrier");
            assertFalse(Files.exists(folder.resolve("usual/run.pid")));
            assertEquals(uid(ProcessHandle.current().pid()), uid(usual.process().pid()));
            if (!root) {
                other.awaitLine("the \"user\" directive makes sense only");
            }
            other.awaitLine("started, io jdk");
            assertEquals(other.process().pid() + "\n", Files.readString(folder.resolve("run.pid")));
            assertEquals(root, uid(other.process().pid()) != uid(ProcessHandle.current().pid()));
        }
    }

    private static int uid(long pid) throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/status"))) {
            return Integer.parseInt(lines.filter(line -> line.startsWith("Uid:")).findFirst().orElseThrow().split("\\s+")[1]);
        }
    }
}
