package io.selvage.deploy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;

/// The defaults of TLS in the eyes of testssl.sh and sslscan. testssl.sh starts thousands of processes, which takes minutes where
/// that is slow; the annotation replaces the shorter limit of all tests.
@Timeout(value = 10, unit = TimeUnit.MINUTES)
@ParameterizedClass(name = "{0}")
@ValueSource(strings = {"boringssl", "jdk"})
class TlsScanIT {
    private static final String SITE = """
            ssl_engine %s;
            events { }
            http {
                access_log off;
                server {
                    listen 127.0.0.1:%d ssl;
                    ssl_certificate a.crt;
                    ssl_certificate_key a.key;
                    location / { return 200 "hello"; }
                }
            }
            """;
    private static final Pattern FINDING = Pattern.compile(
            "\"id\"\\s*: \"([^\"]*)\"[^}]*?\"severity\"\\s*: \"(MEDIUM|HIGH|CRITICAL)\"[^}]*?\"finding\"\\s*: \"([^\"]*)\"");
    /// testssl.sh asks for a renegotiation, and calls it granted if the refusal takes a second. OpenSslTest reads the refusal.
    private static final String GUESSED = "secure_client_renego";
    private static final Pattern ACCEPTED = Pattern.compile(
            "<cipher status=\"\\w+\" sslversion=\"([^\"]*)\".* cipher=\"([^\"]*)\"");

    @TempDir
    private static Path folder;
    private static SelvageProcess selvage;
    private static int port;

    @Parameter
    private String engine = "";

    @BeforeParameterizedClassInvocation
    static void start(String engine) throws Exception {
        Application.require("/usr/bin/testssl", "import sys");
        Application.require("/usr/bin/sslscan", "import sys");
        run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "90", "-subj",
                "/CN=localhost", "-keyout", folder.resolve("a.key").toString(), "-out", folder.resolve("a.crt").toString());
        port = SelvageProcess.freePort();
        selvage = SelvageProcess.start(folder, SITE.formatted(engine, port));
    }

    @AfterParameterizedClassInvocation
    static void stop() throws Exception {
        selvage.close();
    }

    private static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output;
    }

    /// The certificate is not judged: nobody signed it. Nor are the ciphers, of which sslscan knows every one. With the JDK's
    /// engine, versions and attacks on ciphers would be judged a second time.
    @Test
    void testsslFindsNothingOfMediumSeverityOrAbove() throws Exception {
        Path file = folder.resolve("testssl.json");
        boolean scansVersions = engine.equals("boringssl");
        var command = new ArrayList<>(List.of("testssl", "--quiet", "--color", "0", "--warnings", "off", "--fast"));
        command.addAll(scansVersions ? List.of("--protocols", "--server-preference", "--vulnerable")
                : List.of("--heartbleed", "--ccs-injection", "--ticketbleed", "--robot", "--renegotiation", "--tls-fallback"));
        command.addAll(List.of("--jsonfile", file.toString(), "127.0.0.1:" + port));
        String output = run(command.toArray(String[]::new));
        String findings = Files.readString(file);
        assertEquals(scansVersions, findings.contains("\"TLS1_3\""), output);
        assertEquals(true, findings.contains("\"heartbleed\"") && findings.contains("\"fallback_SCSV\""), output);
        var bad = new ArrayList<String>();
        for (Matcher each = FINDING.matcher(findings); each.find();) {
            if (!each.group(1).equals(GUESSED)) {
                bad.add(each.group(1) + ": " + each.group(3));
            }
        }
        assertEquals(List.of(), bad, output);
        Files.delete(file);
    }

    @Test
    void sslscanSeesModernVersionsAndCiphersOnly() throws Exception {
        Path file = folder.resolve("sslscan.xml");
        run("sslscan", "--xml=" + file, "127.0.0.1:" + port);
        String scan = Files.readString(file);
        for (String old : List.of("type=\"ssl\" version=\"2\"", "type=\"ssl\" version=\"3\"", "type=\"tls\" version=\"1.0\"",
                "type=\"tls\" version=\"1.1\"")) {
            assertEquals(true, scan.contains(old + " enabled=\"0\""), scan);
        }
        assertEquals(false, scan.contains("vulnerable=\"1\""), scan);
        Set<String> ciphers = new TreeSet<>();
        for (Matcher each = ACCEPTED.matcher(scan); each.find();) {
            ciphers.add(each.group(1) + " " + each.group(2));
        }
        assertEquals(Set.of("TLSv1.3 TLS_AES_128_GCM_SHA256", "TLSv1.3 TLS_AES_256_GCM_SHA384",
                "TLSv1.3 TLS_CHACHA20_POLY1305_SHA256", "TLSv1.2 ECDHE-ECDSA-AES128-GCM-SHA256",
                "TLSv1.2 ECDHE-ECDSA-AES256-GCM-SHA384", "TLSv1.2 ECDHE-ECDSA-CHACHA20-POLY1305"), ciphers);
        Files.delete(file);
    }
}
