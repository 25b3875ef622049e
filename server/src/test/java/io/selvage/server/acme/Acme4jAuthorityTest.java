package io.selvage.server.acme;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// What is understood of the answers of an ACME server that are signed by nobody. Whole orders are in `deploy`, with a real one.
class Acme4jAuthorityTest {
    private static final CertificateSpec SHOP = new CertificateSpec(List.of("shop.example"), KeyAlgorithm.ECDSA_256);
    private static final IssuedCertificate ISSUED = TestCertificates.valid(Instant.now(), Duration.ofDays(90));

    private final Map<String, String> answers = new ConcurrentHashMap<>();
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            String path = exchange.getRequestURI().getPath();
            String answer = answers.entrySet().stream().filter(each -> path.startsWith(each.getKey())).findFirst()
                    .map(Map.Entry::getValue).orElse("");
            byte[] body = answer.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.getResponseHeaders().add("Retry-After", "21600");
            exchange.sendResponseHeaders(answer.isEmpty() ? 503 : 200, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void readsTheRenewalInformationOfACertificate() throws Exception {
        answers.put("/dir", "{\"newNonce\": \"%1$s/nonce\", \"renewalInfo\": \"%1$s/ari\"}".formatted(url("")));
        answers.put("/ari/AQID.",
                "{\"suggestedWindow\": {\"start\": \"2027-01-03T00:00:00Z\", \"end\": \"2027-01-05T00:00:00Z\"}}");

        RenewalAdvice advice = authority("/dir").advice(ISSUED).orElseThrow();

        assertEquals(Instant.parse("2027-01-03T00:00:00Z"), advice.start());
        assertEquals(Instant.parse("2027-01-05T00:00:00Z"), advice.end());
        Duration again = Duration.between(Instant.now(), advice.askAgain());
        assertTrue(again.toMinutes() >= 350 && again.toMinutes() <= 360, again::toString);
    }

    @Test
    void aServerWithoutRenewalInformationGivesNoAdvice() throws Exception {
        answers.put("/dir", "{\"newNonce\": \"%s\"}".formatted(url("/nonce")));

        assertEquals(Optional.empty(), authority("/dir").advice(ISSUED));
    }

    @Test
    void aServerThatAnswersWithAnErrorIsTriedAgain() {
        AcmeFailure failure = assertThrows(AcmeFailure.class, () -> authority("/dir").issue(SHOP, Optional.empty()));

        assertEquals(AcmeFailure.Kind.UNREACHABLE, failure.kind());
        assertTrue(failure.getMessage().contains("HTTP 503"), failure::getMessage);
    }

    @Test
    void anotherPageIsNoDirectory() {
        answers.put("/", "<html>welcome</html>");

        AcmeFailure failure = assertThrows(AcmeFailure.class, () -> authority("/").issue(SHOP, Optional.empty()));

        assertTrue(failure.getMessage().startsWith("the answer of the ACME server " + url("/") + " is not understood: "),
                failure::getMessage);
        assertTrue(failure.getMessage().endsWith("; is it the URL of a directory?"), failure::getMessage);
    }

    @Test
    void aRefusedConnectionIsSaid() {
        server.stop(0);

        AcmeFailure failure = assertThrows(AcmeFailure.class, () -> authority("/dir").issue(SHOP, Optional.empty()));

        assertEquals(AcmeFailure.Kind.UNREACHABLE, failure.kind());
        assertEquals("the ACME server " + url("/dir") + " cannot be reached: connection refused", failure.getMessage());
    }

    @Test
    void aHostThatIsNotFoundIsSaid() {
        AcmeFailure failure = assertThrows(AcmeFailure.class,
                () -> authority(URI.create("http://ca.invalid/dir")).issue(SHOP, Optional.empty()));

        assertEquals("the ACME server http://ca.invalid/dir cannot be reached: its host is not found", failure.getMessage());
    }

    private String url(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    private Acme4jAuthority authority(String path) {
        return authority(URI.create(url(path)));
    }

    private static Acme4jAuthority authority(URI directory) {
        IssuerSpec issuer = new IssuerSpec("ca", directory,
                new AccountSpec(new AccountKey.Generated(KeyAlgorithm.ECDSA_256), List.of(), true, Optional.empty()),
                ChallengeType.HTTP_01, ServerTrust.DEFAULT, Optional.empty(), OrderOptions.DEFAULT);
        return new Acme4jAuthority(issuer, new IssuerState(issuer.directory(), Optional.empty()), new Challenges());
    }
}
