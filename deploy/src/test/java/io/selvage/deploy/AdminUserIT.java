package io.selvage.deploy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// The admin API after the process has changed its user (`user`), which can neither read the token and the jar nor bind a port
/// below 1024. Where the tests do not run as root, the token becomes unreadable by its permissions instead.
class AdminUserIT {
    private static final String TOKEN = "0123456789abcdef";
    private static final boolean ROOT = System.getProperty("user.name").equals("root");
    private static final Path FIRST_FREE_PORT = Path.of("/proc/sys/net/ipv4/ip_unprivileged_port_start");
    private static final int LAST_OF_ROOT = 1023;

    @TempDir
    private Path prefix;

    /// True if every user can read what is below the folder.
    private static boolean isReachable(Path folder) throws IOException {
        for (Path each = folder.toRealPath(); each != null; each = each.getParent()) {
            if (!Files.getPosixFilePermissions(each).contains(PosixFilePermission.OTHERS_EXECUTE)) {
                return false;
            }
        }
        return true;
    }

    private static void mode(Path file, String permissions) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }

    /// A free port that only root may bind, if there are such ports.
    private static int port(boolean changesUser) throws IOException {
        int last = changesUser ? Math.min(LAST_OF_ROOT, Integer.parseInt(Files.readString(FIRST_FREE_PORT).strip()) - 1) : 0;
        for (int port = last; port > 0; port--) {
            try (var socket = new ServerSocket(port, 1, InetAddress.getByName("0.0.0.0"))) {
                return socket.getLocalPort();
            } catch (IOException _) {
                // It is in use.
            }
        }
        return SelvageProcess.freePort();
    }

    private void configure(boolean changesUser, String admin, int port) throws IOException {
        Path file = Files.writeString(prefix.resolve("selvage.conf"), """
                %s
                admin %s token_file=token;
                events { }
                http {
                    server { listen 127.0.0.1:%d; }
                }
                """.formatted(changesUser ? "user nobody nogroup;" : "", admin, port));
        mode(file, "rw-r--r--");
    }

    private Running start() throws IOException, InterruptedException {
        Path folder = Files.createDirectory(prefix.resolve("private"));
        Path jar = Files.copy(SelvageProcess.ROOT.resolve("deploy/target/selvage.jar"), folder.resolve("selvage.jar"));
        mode(folder, "rwx------");
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + SelvageProcess.ROOT.resolve("deploy/jvm.options"), "-jar", jar.toString()));
        command.addAll(List.of("run", "-c", "selvage.conf", "-p", prefix.toString(), "-g",
                "pid selvage.pid; error_log stderr info;"));
        Running server = new Running(prefix, Map.of(), "TERM", command);
        SelvageProcess.awaitListening(prefix, server);
        server.awaitLines(1, "started, io");
        return server;
    }

    private static RawHttp.Answer status(int port, String token) throws IOException {
        return RawHttp.get(port, "/api/status", "Authorization: Bearer " + token + "\r\n");
    }

    @Test
    void adminApiKeepsItsTokenAndItsAddressAfterTheUserHasChanged() throws Exception {
        mode(prefix, "rwxr-xr-x");
        boolean changesUser = ROOT && isReachable(prefix) && isReachable(Path.of(System.getProperty("java.home")));
        Path token = Files.writeString(prefix.resolve("token"), TOKEN);
        mode(token, "rw-------");
        int port = port(changesUser);
        int site = SelvageProcess.freePort();
        configure(changesUser, "127.0.0.1:" + port, site);
        try (Running server = start()) {
            assertTrue(status(port, TOKEN).body().contains("\"state\":\"running\""));
            if (!ROOT) {
                mode(token, "---------");
            }
            server.signal("HUP");
            server.awaitLines(1, "the configuration was reloaded");
            if (changesUser || !ROOT) {
                server.awaitLines(1, "the token of the start holds until a restart");
            }
            assertTrue(status(port, TOKEN).body().contains("\"generation\":2"));
            assertEquals(401, status(port, "0123456789abcdeX").head().status());

            configure(changesUser, "0.0.0.0:" + port, site);
            server.signal("HUP");
            if (changesUser && port <= LAST_OF_ROOT) {
                server.awaitLines(1, "not reloaded: the address of \"admin\" cannot change to \"0.0.0.0:" + port
                        + "\" without a restart: Permission denied");
                assertEquals(200, status(port, TOKEN).head().status());
            } else {
                server.awaitLines(2, "the configuration was reloaded");
            }
        }
    }
}
