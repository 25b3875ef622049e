package io.selvage.deploy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Reloads, a full disk and a lack of descriptors, under a load of 200 requests per second.
@ParameterizedClass(name = "io {0}")
@ValueSource(strings = {"carrier", "jdk"})
class HostFaultsIT {
    private static final String LOCATIONS = """
            location /version {
                return 200 "generation 0";
            }
            """;

    private static final int BODY_BUFFER = 16_384;         // the default of client_body_buffer_size
    private static final String ENOUGH_DESCRIPTORS = "nofile=1024:";

    @Parameter
    @SuppressWarnings("unused")                             // the value goes to `start`
    private String io;

    @TempDir
    private static Path folder;
    private static FaultServers servers;

    @BeforeParameterizedClassInvocation
    static void start(String io) throws Exception {
        servers = FaultServers.start(folder.resolve(io), io, LOCATIONS, "");
    }

    @AfterParameterizedClassInvocation
    static void stop() throws Exception {
        servers.stop();
    }

    /// No request fails: neither those that are held by a peer or half received, nor those that arrive.
    @Test
    void reload() throws Exception {
        int before = servers.logged();
        var upload = new NumberedRequest(Long.MAX_VALUE, true, "/exact/", 6_000, 900);
        byte[] bytes = upload.bytes();
        try (CheckedLoad load = servers.load("/exact/", NumberedRequest.FILES); var http = new RawHttp(servers.port())) {
            servers.faulty().start(FaultyPeer.Fault.HOLD);
            servers.faulty().awaitDisturbed(5);
            http.send(Arrays.copyOf(bytes, bytes.length - 1));
            for (int i = 1; i <= 5; i++) {
                int logged = servers.logged();
                servers.reload("generation " + (i - 1), "generation " + i);
                servers.awaitLogged(logged, "the configuration was reloaded");
                assertEquals("generation " + i, RawHttp.get(servers.port(), "/version").body());
                load.awaitAnswers(10);
            }
            servers.faulty().release();
            http.send(new byte[] {bytes[bytes.length - 1]});
            assertTrue(upload.isAnsweredBy(http.body(http.head())));
            load.awaitAnswers(50);
            servers.check(load, before, servers.executions(), _ -> false);
        }
    }

    /// New connections wait, and the oldest connections that wait for a request are closed, so a request that crosses the close
    /// gets no answer and must be sent again. 500 for a request that needs a connection to a peer, or whose body needs a file.
    /// Afterwards every request is answered.
    @Test
    void descriptorsUsedUp() throws Exception {
        int before = servers.logged();
        var crowd = new ArrayList<RawHttp>();
        try (CheckedLoad load = servers.load("/exact/", NumberedRequest.FILES)) {
            load.awaitAnswers(50);
            servers.selvage().limit("nofile=" + (servers.selvage().descriptors() + 10) + ":");
            for (int i = 0; i < 100; i++) {
                crowd.add(new RawHttp(servers.port()));
            }
            servers.awaitLogged(before, "no connection can be accepted");
            servers.selvage().limit(ENOUGH_DESCRIPTORS);
            assertEquals(200, version(crowd.getLast()));
            servers.check(load, before, servers.executions(), failed -> failed.kind() == Outcome.Kind.LOST
                    || failed.status() == 500);
        } finally {
            servers.selvage().limit(ENOUGH_DESCRIPTORS);
            for (RawHttp one : crowd) {
                one.close();
            }
        }
        try (CheckedLoad load = servers.load("/exact/", NumberedRequest.FILES)) {
            load.awaitAnswers(50);
            servers.check(load, before, servers.executions(), _ -> false);
        }
    }

    /// 507 for a request whose body needs a file.
    @Test
    void diskFull() throws Exception {
        int before = servers.logged();
        var download = new NumberedRequest(Long.MAX_VALUE - 1, false, "/exact/", 0, 8_000_000);
        try (CheckedLoad load = servers.load("/exact/"); var http = new RawHttp(servers.port())) {
            load.awaitAnswers(20);
            servers.selvage().limit("fsize=0:");
            http.send(download.bytes());
            RawHttp.Head head = http.head();
            load.await(5, outcome -> outcome.isPostRefusedWith(507));
            assertTrue(download.isAnsweredBy(http.body(head)));
            servers.selvage().limit("fsize=unlimited:");
            long room = System.nanoTime();
            load.awaitAnswers(20);
            servers.check(load, before, servers.executions(), failed -> failed.startedBefore(room)
                    && failed.isPostRefusedWith(507) && failed.request().bodySize() > BODY_BUFFER);
        } finally {
            servers.selvage().limit("fsize=unlimited:");
        }
    }

    private static int version(RawHttp http) throws IOException {
        return http.send("GET /version HTTP/1.1\r\nHost: example.org\r\n\r\n").answer().status();
    }
}
