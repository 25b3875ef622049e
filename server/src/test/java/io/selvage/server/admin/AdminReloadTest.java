package io.selvage.server.admin;

import jakarta.json.JsonObject;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

@Timeout(60)
class AdminReloadTest {
    private static final String REST = " events { } http { access_log off; server { listen 127.0.0.1:0; } }";

    @TempDir
    private Path folder;

    private static String ask(Path socket, String target) throws Exception {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            channel.write(ByteBuffer.wrap(("GET " + target + " HTTP/1.1\r\nHost: any.example\r\nConnection: close\r\n\r\n")
                    .getBytes(StandardCharsets.UTF_8)));
            return new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void aUnixSocketIsForItsOwnerAndItsGroupAndIsRemovedAtTheEnd() throws Exception {
        Path socket = folder.resolve("admin.sock");
        try (Administered server = Administered.main("admin unix:" + socket + ";" + REST)) {
            assertTrue(ask(socket, "/health/ready").startsWith("HTTP/1.1 200 "));
            assertEquals("rw-rw----", PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)));
            assertTrue(server.admin().address().isPresent());
        }
        assertFalse(Files.exists(socket));
    }

    @Test
    void theAddressChangesByAReload() throws Exception {
        Path socket = folder.resolve("admin.sock");
        try (Administered server = Administered.main("admin 127.0.0.1:0;" + REST)) {
            server.text("admin unix:" + socket + ";" + REST);
            assertEquals(200, server.send("POST", "/api/reload", "{}").statusCode());
            assertTrue(ask(socket, "/api/status").contains("\"generation\":2"));

            server.text(REST);
            server.reload();
            assertTrue(server.admin().address().isEmpty());
        }
    }

    @Test
    void thePortStaysWhenTheAddressBecomesAllAddressesAndBack() throws Exception {
        try (Administered server = Administered.main("admin 127.0.0.1:0;" + REST)) {
            int port = server.port();
            server.text("admin 0.0.0.0:" + port + " token=0123456789abcdef;" + REST);
            assertEquals(200, server.send("POST", "/api/reload", "{}").statusCode());
            server.reload();                               // waits until the address is there
            InetSocketAddress address = (InetSocketAddress) server.admin().address().orElseThrow();
            assertEquals("0.0.0.0:" + port, address.getAddress().getHostAddress() + ":" + address.getPort());
            assertEquals(200, server.get("/health/ready").statusCode());

            server.text("admin 127.0.0.1:" + port + ";" + REST);
            assertEquals(200, server.send("POST", "/api/reload", "{}").statusCode());
            server.reload();
            address = (InetSocketAddress) server.admin().address().orElseThrow();
            assertEquals("127.0.0.1:" + port, address.getAddress().getHostAddress() + ":" + address.getPort());
            assertEquals(200, server.get("/health/ready").statusCode());
            assertEquals(List.of(), List.copyOf(server.log()));
        }
    }

    @Test
    void anotherNameOfTheAddressKeepsTheListener() throws Exception {
        try (Administered server = Administered.main("admin 127.0.0.1:0;" + REST)) {
            int port = server.port();
            server.text("admin localhost:" + port + ";" + REST);
            assertEquals(200, server.send("POST", "/api/reload", "{}").statusCode());
            assertEquals(port, server.port());
            assertEquals(200, server.get("/health/ready").statusCode());
        }
    }

    @Test
    void anAddressThatIsTakenLeavesEverythingAsItWas() throws Exception {
        try (Administered server = Administered.main("admin 127.0.0.1:0;" + REST);
                ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            server.text("admin 127.0.0.1:" + taken.getLocalPort() + ";" + REST);
            HttpResponse<String> refused = server.send("POST", "/api/reload", "{}");
            assertEquals(409, refused.statusCode());
            assertTrue(refused.body().contains("Address already in use"), refused.body());
            assertEquals(1, server.document("/api/status").getJsonObject("configuration").getInt("generation"));
        }
    }

    @Test
    void anAddressIsLeftAgainWhenTheServerCannotReload() throws Exception {
        Path socket = folder.resolve("admin.sock");
        try (Administered server = Administered.main("admin 127.0.0.1:0;" + REST);
                ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            server.text("admin unix:" + socket + ";" + REST.replace("127.0.0.1:0", "127.0.0.1:" + taken.getLocalPort()));
            assertEquals(409, server.send("POST", "/api/reload", "{}").statusCode());
            assertFalse(Files.exists(socket));
            assertEquals(200, server.get("/health/ready").statusCode());
        }
    }

    @Test
    void problemsOfAConfigurationHavePositions() throws Exception {
        try (Administered server = Administered.main("admin 127.0.0.1:0;" + REST)) {
            server.text("worker_processes no;\nadmin unix:/a; nonsense;" + REST);
            HttpResponse<String> refused = server.send("POST", "/api/reload", "{}");
            assertEquals(422, refused.statusCode());
            JsonObject first = Administered.json(refused.body()).getJsonArray("problems").getJsonObject(0);
            assertEquals(1, first.getInt("line"));
            assertEquals(18, first.getInt("column"));
            assertEquals("\"worker_processes\" needs a number, got \"no\"", first.getString("message"));
            assertEquals(2, Administered.json(refused.body()).getJsonArray("problems").size());
        }
    }

    @Test
    void aReloadIsAnsweredThoughItLeavesTheAddress() throws Exception {
        try (Administered server = Administered.main("admin 127.0.0.1:0;" + REST)) {
            int before = server.port();
            server.text("admin 127.0.0.2:0;" + REST);
            assertEquals(200, server.send("POST", "/api/reload", "{}").statusCode());
            InetSocketAddress address = (InetSocketAddress) server.admin().address().orElseThrow();
            assertEquals("127.0.0.2", address.getAddress().getHostAddress());
            assertFalse(address.getPort() == before && address.getAddress().getHostAddress().equals("127.0.0.1"));
        }
    }
}
