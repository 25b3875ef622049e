package io.selvage.server.whole;

import io.selvage.server.net.FreePort;
import io.selvage.server.net.Io;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/// Which addresses a configuration binds, and which server answers where. `PORT` in a configuration stands for a free port.
@Timeout(60)
@ParameterizedClass(name = "io {0}")
@MethodSource("io.selvage.server.net.Ios#all")
class ListenTest {
    private static final String IPV4 = "127.0.0.1";
    private static final String IPV6 = "::1";
    private static final String SAYS = "location / { return 200 \"%s $server_addr $server_port\"; }";

    @Parameter
    private Io io;
    private int port;

    @BeforeEach
    void findPort() throws IOException {
        assumeTrue(hasIpv6(), "this machine has no ::1");
        port = FreePort.find();
    }

    private static boolean hasIpv6() {
        try (ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.INET6)) {
            channel.bind(new InetSocketAddress(IPV6, 0));
            return true;
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    private static String server(String name, String listens) {
        return "server { " + listens + " server_name " + name + "; " + SAYS.formatted(name) + " }\n";
    }

    private TestServer start(String text) throws IOException {
        return TestServer.nginx(io, text.replace("PORT", "" + port));
    }

    private void reload(TestServer server, String text) throws IOException {
        server.reload(text.replace("PORT", "" + port));
    }

    private RawClient connect(String ip) throws IOException {
        return new RawClient(new InetSocketAddress(InetAddress.getByName(ip), port));
    }

    /// What is answered there, for a host that no server has as its name.
    private String ask(String ip) throws IOException {
        return ask(ip, "unknown");
    }

    private String ask(String ip, String host) throws IOException {
        try (RawClient client = connect(ip)) {
            client.send("GET / HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
            return client.readToEnd().replaceAll("(?s)^.*\r\n\r\n", "");
        }
    }

    /// Fails if the address serves. The kernel still takes a connection until the thread that waits in `accept` has left that
    /// call; it resets the connection then.
    private void assertRefused(String ip) throws IOException {
        for (int i = 0; i < 10; i++) {
            try (RawClient client = connect(ip)) {
                assertEquals("", client.readToEnd());
            } catch (ConnectException _) {
                return;
            } catch (SocketException _) {
                // It was reset.
            }
        }
        fail(ip + " still accepts connections");
    }

    @ParameterizedTest
    @ValueSource(strings = {"listen PORT; listen [::]:PORT;", "listen [::]:PORT; listen PORT;",
        "listen *:PORT; listen [::]:PORT ipv6only=on;", "listen 0.0.0.0:PORT default_server; listen [::]:PORT default_server;",
        "listen PORT; listen 127.0.0.1:PORT; listen [::1]:PORT; listen [::]:PORT;", "listen 127.0.0.1:PORT; listen [::1]:PORT;",
        "listen PORT; listen [::1]:PORT;", "listen 127.0.0.1:PORT; listen [::]:PORT;",
        "listen PORT reuseport; listen [::]:PORT reuseport;"})
    void ipv4AndIpv6AreServedSideBySide(String listens) throws IOException {
        try (TestServer _ = start(server("a", listens))) {
            assertEquals("a 127.0.0.1 " + port, ask(IPV4));
            assertEquals("a ::1 " + port, ask(IPV6));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"listen PORT;", "listen *:PORT;", "listen 0.0.0.0:PORT;", "listen 127.0.0.1:PORT;"})
    void ipv4AloneRefusesIpv6(String listens) throws IOException {
        try (TestServer _ = start(server("a", listens))) {
            assertEquals("a 127.0.0.1 " + port, ask(IPV4));
            assertRefused(IPV6);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"listen [::]:PORT;", "listen [::]:PORT ipv6only=on;", "listen [::1]:PORT;"})
    void ipv6AloneRefusesIpv4(String listens) throws IOException {
        try (TestServer _ = start(server("a", listens))) {
            assertEquals("a ::1 " + port, ask(IPV6));
            assertRefused(IPV4);
        }
    }

    @Test
    void ipv6OnlyOffServesIpv4AsWell() throws IOException {
        try (TestServer _ = start(server("a", "listen [::]:PORT ipv6only=off;"))) {
            assertEquals("a 127.0.0.1 " + port, ask(IPV4));
            assertEquals("a ::1 " + port, ask(IPV6));
        }
    }

    @Test
    void everyAddressHasADefaultServerOfItsOwn() throws IOException {
        try (TestServer _ = start(server("a", "listen PORT; listen [::]:PORT;")
                + server("b", "listen PORT; listen [::]:PORT default_server;")
                + server("c", "listen 127.0.0.2:PORT;"))) {
            assertEquals("a 127.0.0.1 " + port, ask(IPV4));
            assertEquals("b ::1 " + port, ask(IPV6));
            assertEquals("b 127.0.0.1 " + port, ask(IPV4, "b"));
            assertEquals("a ::1 " + port, ask(IPV6, "a"));
            assertEquals("c 127.0.0.2 " + port, ask("127.0.0.2"));
            assertEquals("c 127.0.0.2 " + port, ask("127.0.0.2", "a"));
        }
    }

    @Test
    void twoServersMayHaveOneFamilyEach() throws IOException {
        try (TestServer _ = start(server("a", "listen PORT;") + server("b", "listen [::]:PORT;"))) {
            assertEquals("a 127.0.0.1 " + port, ask(IPV4, "b"));
            assertEquals("b ::1 " + port, ask(IPV6, "a"));
        }
    }

    @Test
    void dualStackSocketConflictsWithAnIpv4Socket() {
        IOException failure = assertThrows(IOException.class, () ->
                start(server("a", "listen PORT; listen [::]:PORT ipv6only=off;")).close());
        assertTrue(failure.getMessage().matches("cannot listen on .*:" + port + ": Address already in use"),
                failure.getMessage());
    }

    @Test
    void specificAddressWithOptionsConflictsWithAWildcard() {
        IOException failure = assertThrows(IOException.class, () ->
                start(server("a", "listen PORT; listen 127.0.0.1:PORT backlog=10;")).close());
        assertTrue(failure.getMessage().endsWith(": Address already in use"), failure.getMessage());
    }

    @Test
    void reloadAddsAndRemovesOneFamily() throws IOException {
        try (TestServer server = start(server("a", "listen PORT;")); RawClient kept = connect(IPV4)) {
            String get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
            assertTrue(kept.send(get).readAnswer().endsWith("a 127.0.0.1 " + port));
            assertRefused(IPV6);

            reload(server, server("b", "listen PORT; listen [::]:PORT;"));
            assertTrue(kept.send(get).readAnswer().endsWith("b 127.0.0.1 " + port));
            assertEquals("b ::1 " + port, ask(IPV6));

            reload(server, server("c", "listen [::]:PORT;"));
            assertEquals("c ::1 " + port, ask(IPV6));
            assertEquals("", kept.readToEnd());
            assertRefused(IPV4);

            reload(server, server("d", "listen PORT; listen [::]:PORT;"));
            assertEquals("d 127.0.0.1 " + port, ask(IPV4));
            assertEquals("d ::1 " + port, ask(IPV6));
        }
    }

    @Test
    void reloadThatCannotBindChangesNothing() throws IOException {
        try (TestServer server = start(server("a", "listen PORT;"))) {
            assertThrows(IOException.class, () -> reload(server, server("b", "listen PORT; listen [::]:PORT ipv6only=off;")));
            assertEquals("a 127.0.0.1 " + port, ask(IPV4));
            assertRefused(IPV6);
        }
    }

    @Test
    void keepaliveProbesStartAfterTheConfiguredTime() throws IOException {
        try (TestServer _ = start(server("a", "listen 127.0.0.1:PORT so_keepalive=1000::;")); RawClient client = connect(IPV4)) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").readAnswer();
            Duration probe = nextProbe();
            assertTrue(probe.toSeconds() > 900 && probe.toSeconds() <= 1000, probe::toString);
        }
    }

    @Test
    void reloadChangesTheOptionsOfAnOpenSocket() throws IOException {
        try (TestServer server = start(server("a", "listen 127.0.0.1:PORT;"))) {
            assertEquals("a 127.0.0.1 " + port, ask(IPV4));
            reload(server, server("b", "listen 127.0.0.1:PORT so_keepalive=1000:: backlog=7 rcvbuf=10000;"));
            try (RawClient client = connect(IPV4)) {
                client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").readAnswer();
                assertTrue(nextProbe().toSeconds() > 900);
            }
        }
    }

    @Test
    void reloadReportsOptionsThatAnOpenSocketKeeps() throws IOException {
        try (TestServer server = start(server("a", "listen [::]:PORT ipv6only=off rcvbuf=10000;"))) {
            reload(server, server("b", "listen [::]:PORT;"));
            assertEquals("b ::1 " + port, ask(IPV6));
            List<String> warnings = server.errorLog().stream().filter(line -> line.startsWith("[warn]")).toList();
            String name = " of \"listen [::]:" + port + "\" was not changed, which takes a restart: ";
            assertEquals(List.of("[warn] \"rcvbuf\"" + name + "the kernel's own size can be had only with a new socket",
                    "[warn] \"ipv6only\"" + name + "it is fixed when the socket is bound"), warnings);
        }
    }

    /// From the kernel's table of connections: the time to the next probe of the one that this port has accepted.
    private Duration nextProbe() throws IOException {
        String accepted = "\\s*\\d+: 0100007F:%04X 0100007F:\\S+ 01 .*".formatted(port);
        List<String> line = Files.readAllLines(Path.of("/proc/net/tcp")).stream().filter(each -> each.matches(accepted)).toList();
        String[] timer = line.getFirst().trim().split("\\s+")[5].split(":");
        assertEquals("02", timer[0], line::toString);      // 02: the keep-alive timer
        return Duration.ofMillis(Long.parseLong(timer[1], 16) * 10);
    }
}
