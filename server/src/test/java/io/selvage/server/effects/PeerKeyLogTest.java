package io.selvage.server.effects;

import io.selvage.server.whole.TestServer;
import java.io.BufferedReader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.selvage.server.effects.Serving.status;
import static io.selvage.server.effects.TlsServing.A;
import static org.junit.jupiter.api.Assertions.assertEquals;

/// The secrets of connections to a peer, compared with those that the peer itself writes: OpenSSL's own program.
@Timeout(60)
class PeerKeyLogTest {
    private static final String ACCEPT = "ACCEPT ";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"-tls1_2", "-tls1_3"})
    void thePeerWritesTheSameSecrets(String version) throws Exception {
        Path certificate = Files.writeString(folder.resolve("a.crt"), A.certificatePem());
        Path key = Files.writeString(folder.resolve("a.key"), A.keyPem());
        Path expected = folder.resolve("expected.log");
        Process peer = new ProcessBuilder("openssl", "s_server", "-accept", "127.0.0.1:0", "-naccept", "1", "-www", version,
                "-cert", certificate.toString(), "-key", key.toString(), "-keylogfile", expected.toString())
                .redirectErrorStream(true).start();
        try (BufferedReader said = peer.inputReader()) {
            String accepting = said.lines().filter(line -> line.startsWith(ACCEPT)).findFirst().orElseThrow();
            Set<String> logged = secretsOfAnExchange(accepting.substring(ACCEPT.length()));
            said.transferTo(Writer.nullWriter());
            Set<String> known = new TreeSet<>(Files.readAllLines(expected));
            known.removeIf(line -> line.startsWith("#"));
            assertEquals(known, logged);
            assertEquals(version.equals("-tls1_2") ? 1 : 5, logged.size(), logged::toString);
        } finally {
            peer.destroy();
        }
    }

    private static Set<String> secretsOfAnExchange(String peer) throws Exception {
        try (TestServer server = Serving.main("ssl_engine boringssl; events { } http { access_log off; server { "
                + "listen 127.0.0.1:0; location / { proxy_pass https://" + peer + "; proxy_ssl_key_log keys.log; } } }")) {
            assertEquals(200, status(server.get("/")));
            server.stop(Duration.ofSeconds(50));
            Path log = server.folder().resolve("keys.log");
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(log)));
            return new TreeSet<>(Files.readAllLines(log));
        }
    }
}
