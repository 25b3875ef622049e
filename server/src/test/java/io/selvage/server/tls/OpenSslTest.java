package io.selvage.server.tls;

import io.selvage.server.net.Ios;
import java.io.IOException;
import java.io.Writer;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// What clients of OpenSSL see, by its own program.
@Timeout(60)
@ParameterizedClass
@MethodSource("io.selvage.server.tls.Engines#all")
class OpenSslTest {
    private static final CertifiedKey ECDSA = Pem.key("server-ecdsa");
    private static final CertifiedKey RSA = Pem.key("server-rsa");
    private static final TlsPolicy POLICY = TlsPolicy.of(CertificateSource.of(ECDSA, RSA));

    @Parameter
    private TlsEngine engine;
    @TempDir
    private Path folder;

    private TlsServed serve(TlsPolicy policy) throws IOException {
        return new TlsServed(Ios.usual(), engine, policy, TlsServed::echo);
    }

    /// Runs `openssl s_client`, which sends some lines, and returns all that it prints.
    private String client(InetSocketAddress server, String input, String... options) throws Exception {
        List<String> command = new ArrayList<>(List.of("openssl", "s_client", "-connect", "127.0.0.1:" + server.getPort(),
                "-servername", "shop.example"));
        command.addAll(List.of(options));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        Writer in = process.outputWriter(ISO_8859_1);
        try (var out = process.inputReader(ISO_8859_1)) {
            send(in, input);
            StringBuilder said = new StringBuilder();
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                said.append(line).append('\n');
                if (line.equals("KEYUPDATE")) {
                    send(in, "done\n");
                }
                if (line.endsWith("done")) {
                    in.close();
                }
            }
            return said.toString();
        }
    }

    /// The program reads no input after a handshake that failed, and may have ended: what it prints says so.
    private static void send(Writer in, String input) {
        try {
            in.write(input);
            in.flush();
        } catch (IOException e) {
            // The test looks at what the program has printed.
        }
    }

    private String client(TlsServed server, String... options) throws Exception {
        return client(server.address(), "done\n", options);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-tls1_2", "-tls1_3"})
    void dataGoesBothWays(String version) throws Exception {
        try (TlsServed server = serve(POLICY)) {
            String said = client(server, version, "-CAfile", file("ca"), "-verify_return_error");
            assertTrue(said.contains("done\n"), said);
            assertTrue(said.contains("Verification: OK"), said);
            assertTrue(said.contains(server.info().protocol()), said);
        }
    }

    private String file(String name) throws IOException {
        Path file = folder.resolve(name + ".pem");
        try (var in = Pem.class.getResourceAsStream(name + ".pem")) {
            Files.write(file, in.readAllBytes());
        }
        return file.toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-tls1_2", "-tls1_3"})
    void aSessionIsResumed(String version) throws Exception {
        String session = folder.resolve("session").toString();
        try (TlsServed server = serve(POLICY)) {
            client(server, version, "-sess_out", session);
            assertFalse(server.info().isReused());
            String said = client(server, version, "-sess_in", session);
            assertTrue(said.contains("Reused"), said);
            assertTrue(server.info().isReused());
        }
    }

    /// A key share, the curve of a ServerKeyExchange, or the group of a HelloRetryRequest.
    @ParameterizedTest
    @CsvSource({"-tls1_3, X25519:P-256, X25519", "-tls1_3, P-256, prime256v1", "-tls1_2, P-384, secp384r1",
        "-tls1_2, X25519, X25519", "-tls1_3, P-521:P-384, secp384r1"})
    void theGroupOfTheKeyExchangeIsKnown(String version, String offered, String expected) throws Exception {
        TlsPolicy policy = TlsPolicy.of(CertificateSource.of(RSA)).with(new TlsParameters(TlsParameters.DEFAULT.versions(),
                TlsParameters.DEFAULT.ciphers(), false, List.of("X25519", "prime256v1", "secp384r1")));
        try (TlsServed server = serve(policy)) {
            client(server, version, "-groups", offered);
            assertEquals(Optional.of(expected), server.info().group());
        }
    }

    /// Whether the keys of tickets are those of one context, or given to both.
    @ParameterizedTest
    @ValueSource(strings = {"-tls1_2", "-tls1_3"})
    void aSessionIsResumedOnlyWithItsCertificate(String version) throws Exception {
        TlsSessions given = engine.capabilities().contains(TlsCapability.TICKET_KEYS) ? tickets(TicketKey.random())
                : TlsSessions.DEFAULT;
        for (TlsSessions sessions : List.of(TlsSessions.DEFAULT, given)) {
            TlsPolicy first = TlsPolicy.of(CertificateSource.of(ECDSA)).with(sessions);
            TlsPolicy same = TlsPolicy.of(CertificateSource.of(ECDSA)).with(sessions);
            TlsPolicy other = TlsPolicy.of(CertificateSource.of(RSA)).with(sessions);
            String session = folder.resolve("session").toString();
            try (TlsServed server = serve(first)) {
                client(server, version, "-sess_out", session);
            }
            try (TlsServed server = serve(same)) {
                String said = client(server, version, "-sess_in", session);
                assertTrue(said.contains("Reused"), said);
            }
            try (TlsServed server = serve(other)) {
                String said = client(server, version, "-sess_in", session);
                assertFalse(said.contains("Reused"), said);
                assertFalse(server.info().isReused());
            }
        }
    }

    @Test
    void withoutTicketsAndCacheNoSessionIsResumed() throws Exception {
        String session = folder.resolve("session").toString();
        TlsPolicy none = POLICY.with(new TlsSessions(false, List.of(), 0, Duration.ofMinutes(5)));
        try (TlsServed server = serve(none)) {
            for (String version : List.of("-tls1_2", "-tls1_3")) {
                client(server, version, "-sess_out", session);
                if (Files.exists(Path.of(session))) {
                    String said = client(server, version, "-sess_in", session);
                    assertFalse(said.contains("Reused"), said);
                    Files.delete(Path.of(session));
                }
            }
        }
    }

    /// RFC 5246 §F.1.4.
    @Test
    void aCacheServesClientsWithoutTickets() throws Exception {
        String session = folder.resolve("session").toString();
        TlsPolicy cached = POLICY.with(new TlsSessions(false, List.of(), 100, Duration.ofMinutes(5)));
        try (TlsServed server = serve(cached)) {
            client(server, "-tls1_2", "-no_ticket", "-sess_out", session);
            String said = client(server, "-tls1_2", "-no_ticket", "-sess_in", session);
            assertTrue(said.contains("Reused"), said);
        }
    }

    /// As after a restart, or on another machine with the same keys: a policy with a context of its own.
    @ParameterizedTest
    @ValueSource(strings = {"-tls1_2", "-tls1_3"})
    void ticketsSurviveWithTheirKeys(String version) throws Exception {
        if (isRefused(TlsCapability.TICKET_KEYS, POLICY.with(tickets(TicketKey.random())))) {
            return;
        }
        String session = folder.resolve("session").toString();
        TicketKey old = TicketKey.random();
        TicketKey fresh = TicketKey.random();
        try (TlsServed server = serve(POLICY.with(tickets(old)))) {
            client(server, version, "-sess_out", session);
        }
        try (TlsServed server = serve(POLICY.with(tickets(fresh, old)))) {
            String said = client(server, version, "-sess_in", session);
            assertTrue(said.contains("Reused"), said);
        }
        try (TlsServed server = serve(POLICY.with(tickets(fresh)))) {
            String said = client(server, version, "-sess_in", session);
            assertFalse(said.contains("Reused"), said);
        }
    }

    /// What an engine cannot do, it refuses before there is a connection.
    private boolean isRefused(TlsCapability what, TlsPolicy policy) {
        if (engine.capabilities().contains(what)) {
            return false;
        }
        String why = assertThrows(GeneralSecurityException.class, () -> engine.prepare(policy)).getMessage();
        assertTrue(why.contains(what.text()), why);
        return true;
    }

    private static TlsSessions tickets(TicketKey... keys) {
        return new TlsSessions(true, List.of(keys), 0, Duration.ofMinutes(5));
    }

    @ParameterizedTest
    @CsvSource({"RSA-PSS+SHA256, RSA", "ECDSA+SHA256, EC"})
    void theKeySuitsTheSignatures(String signatures, String kind) throws Exception {
        try (TlsServed server = serve(TlsPolicy.of(kind.equals("RSA") ? CertificateSource.of(ECDSA, RSA)
                : CertificateSource.of(RSA, ECDSA)))) {
            String said = client(server, "-sigalgs", signatures);
            assertTrue(said.contains("Peer signature type: " + (kind.equals("RSA") ? "RSA-PSS" : "ECDSA")), said);
        }
    }

    @ParameterizedTest
    @CsvSource({"true, ECDHE-ECDSA-AES256-GCM-SHA384", "false, ECDHE-ECDSA-AES128-GCM-SHA256"})
    void theOrderOfOneSideDecides(boolean servers, String taken) throws Exception {
        TlsParameters parameters = new TlsParameters(EnumSet.of(TlsVersion.TLS_1_2),
                List.of("ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-ECDSA-AES128-GCM-SHA256"), servers, List.of());
        try (TlsServed server = serve(POLICY.with(parameters))) {
            client(server, "-cipher", "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384");
            assertEquals(taken, server.info().cipher());
        }
    }

    @ParameterizedTest
    @CsvSource({"X25519, X25519", "prime256v1, prime256v1", "secp384r1, secp384r1"})
    void theGroupIsThatOfThePolicy(String group, String taken) throws Exception {
        TlsParameters parameters = new TlsParameters(EnumSet.of(TlsVersion.TLS_1_3), List.of(), false, List.of(group));
        try (TlsServed server = serve(POLICY.with(parameters))) {
            String said = client(server);
            assertTrue(said.contains(group.equals("X25519") ? "X25519, 253 bits" : "ECDH, " + group), said);
            Optional<String> known = server.info().group();
            assertTrue(known.isEmpty() && engine.name().equals("jdk") || known.equals(Optional.of(taken)), "group " + known);
        }
    }

    @Test
    void anOcspResponseIsStapled() throws Exception {
        byte[] response = {0x30, 3, 0x0a, 1, 3};          // RFC 6960 §4.2.1: tryLater
        try (TlsServed server = serve(TlsPolicy.of(CertificateSource.of(ECDSA.withOcspResponse(response))))) {
            assertEquals(engine.capabilities().contains(TlsCapability.STAPLING),
                    client(server, "-status").contains("OCSP Response Status: trylater"));
        }
        try (TlsServed server = serve(TlsPolicy.of(CertificateSource.of(ECDSA)))) {
            assertTrue(client(server, "-status").contains("OCSP response: no response sent"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"-tls1", "-tls1_1"})
    void olderVersionsAreRefused(String version) throws Exception {
        try (TlsServed server = serve(POLICY)) {
            String said = client(server, version, "-cipher", "ALL:@SECLEVEL=0");
            assertTrue(said.contains("alert protocol version"), said);
        }
    }

    @Test
    void anOlderVersionIsSpokenIfThePolicySaysSo() throws Exception {
        TlsParameters old = new TlsParameters(EnumSet.of(TlsVersion.TLS_1_0, TlsVersion.TLS_1_1),
                List.of("ECDHE-RSA-AES128-SHA"), false, List.of());
        if (isRefused(TlsCapability.OLD_VERSIONS, POLICY.with(old))) {
            return;
        }
        try (TlsServed server = serve(TlsPolicy.of(CertificateSource.of(RSA)).with(old))) {
            String said = client(server, "-tls1_1", "-cipher", "ALL:@SECLEVEL=0");
            assertTrue(said.contains("done\n"), said);
            assertEquals("TLSv1.1", server.info().protocol());
        }
    }

    /// CVE-2009-3555, CVE-2011-1473. The command R of the client asks for it.
    @Test
    void renegotiationIsRefused() throws Exception {
        try (TlsServed server = serve(POLICY)) {
            String said = client(server.address(), "R\n", "-tls1_2");
            assertTrue(said.contains("RENEGOTIATING"), said);
            assertTrue(said.contains("no renegotiation") || said.contains("unexpected message")
                    || said.contains("handshake failure") || said.contains("unexpected eof")
                    || said.contains("\nclosed\n"), said);
            assertTrue(server.failure() instanceof TlsException);
        }
    }

    /// RFC 8446 §4.6.3. The command K of the client sends a new key and wants one.
    @Test
    void keysAreChanged() throws Exception {
        try (TlsServed server = serve(POLICY)) {
            String said = client(server.address(), "K\n", "-tls1_3");
            assertTrue(said.contains("KEYUPDATE"), said);
            assertTrue(said.contains("done\n"), said);
        }
    }

    @Test
    void aClientCertificateIsVerified() throws Exception {
        TlsPolicy asking = POLICY.with(new ClientCertificates(true, Pem.certificates("ca"),
                new PeerTrust(Pem.certificates("ca"), 1, List.of())));
        try (TlsServed server = serve(asking)) {
            String said = client(server, "-cert", file("client-good"), "-key", file("client-good"));
            assertTrue(said.contains("Acceptable client certificate CA names\nCN = Test CA"), said);
            assertEquals("SUCCESS", server.info().verification().toString());
        }
    }
}
