package io.selvage.server.module;

import io.selvage.server.config.ConfigProblems;
import io.selvage.server.config.Language;
import io.selvage.server.config.Problem;
import io.selvage.server.tls.TestAuthority;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;

/// What is wrong with the files of certificates is reported when a configuration is checked, where the file is named.
class TlsFilesTest {
    private static final Instant NOW = Instant.now();

    private final TestAuthority root;
    private final TestAuthority middle;
    private final TestAuthority.Issued shop;
    @TempDir
    private Path folder = Path.of("");

    TlsFilesTest() throws Exception {
        root = TestAuthority.named("CN=Root");
        middle = root.intermediate("CN=Middle");
        shop = middle.issue("shop", "shop");
    }

    @Test
    void unusableFilesAreNamedWithTheReason() throws Exception {
        write("good.crt", shop.certificatePem());
        write("good.key", shop.keyPem());
        write("other.key", root.issue("x").keyPem());
        write("damaged.crt", shop.certificatePem().substring(0, 100));
        write("text", "hello\n");
        write("short", "123");
        assertEquals(List.of(), problems("ssl_certificate good.crt; ssl_certificate_key good.key;"));
        assertProblem("2:17: cannot load certificate \"@/none\": no such file",
                "ssl_certificate none; ssl_certificate_key good.key;");
        assertProblem("2:17: cannot load certificate \"@/text\": there is no PEM text (\"-----BEGIN ...-----\") in it",
                "ssl_certificate text; ssl_certificate_key good.key;");
        assertProblem("2:17: cannot load certificate \"@/good.key\": there is no certificate in it, but PRIVATE KEY",
                "ssl_certificate good.key; ssl_certificate_key good.key;");
        assertProblem("2:47: cannot load certificate key \"@/good.crt\": there is no private key in it, but CERTIFICATE",
                "ssl_certificate good.crt; ssl_certificate_key good.crt;");
        assertProblem("2:47: the private key is not that of the certificate \"CN=shop\" (key values mismatch)",
                "ssl_certificate good.crt; ssl_certificate_key other.key;");
        assertProblem("3:19: cannot load password file \"@/none\": no such file",
                "ssl_certificate good.crt; ssl_certificate_key good.key;\nssl_password_file none;");
        assertProblem("3:24: cannot load session ticket key \"@/short\": a ticket key has 48 or 80 bytes, not 3",
                "ssl_certificate good.crt; ssl_certificate_key good.key;\nssl_session_ticket_key short;");
        assertProblem("3:24: cannot load certificate \"@/text\": there is no PEM text (\"-----BEGIN ...-----\") in it",
                "ssl_certificate good.crt; ssl_certificate_key good.key;\nssl_client_certificate text;");
        assertProblem("3:9: cannot load revocation list \"@/good.crt\": there is no certificate revocation list in it, but "
                + "CERTIFICATE", "ssl_certificate good.crt; ssl_certificate_key good.key;\nssl_crl good.crt;");
    }

    @Test
    void fileOfSeveralSitesIsReadAndReportedOnce() throws Exception {
        write("good.crt", shop.certificatePem());
        write("other.key", root.issue("x").keyPem());
        write("text", "hello\n");
        String site = "ssl_certificate good.crt; ssl_certificate_key other.key; ssl_crl text;";
        assertEquals(List.of("2:47: the private key is not that of the certificate \"CN=shop\" (key values mismatch)",
                "2:66: cannot load revocation list \"@/text\": there is no PEM text (\"-----BEGIN ...-----\") in it"),
                problems(site + " } server { " + site));
    }

    @Test
    void authoritiesOfAnOtlpReceiverAreReadWhenTheConfigurationIs() throws Exception {
        write("good.crt", root.certificatePem());
        write("text", "hello\n");
        assertEquals(List.of(), traced("good.crt"));
        assertEquals(List.of("2:51: cannot load certificate \"@/none\": no such file"), traced("none"));
        assertEquals(List.of("2:51: cannot load certificate \"@/text\": there is no PEM text (\"-----BEGIN ...-----\") in it"),
                traced("text"));
    }

    private List<String> traced(String file) throws Exception {
        return problemsOf("events { } http { server { }\notel_exporter { endpoint a:1; trusted_certificate " + file + "; } }");
    }

    private void assertProblem(String expected, String site) {
        assertEquals(List.of(expected), problems(site));
    }

    @Test
    void doubtfulCertificatesAreWarnedOf() throws Exception {
        var old = middle.issue("EC", "old", NOW.minus(Duration.ofDays(100)), NOW.minus(Duration.ofDays(10)));
        write("old.crt", old.certificatePem() + root.certificatePem());
        write("old.key", old.keyPem());
        Path file = write("conf", conf("ssl_certificate old.crt; ssl_certificate_key old.key;"));
        Language.Loaded loaded = Modules.LANGUAGE.load(file, folder, "", new ThisMachine());
        assertEquals(List.of("2:17: \"old.crt\": the certificate \"CN=old\" expired on "
                        + NOW.minus(Duration.ofDays(10)).toString().substring(0, 10),
                "2:17: \"old.crt\": the order of the chain is wrong: certificate 2, \"CN=Root\", does not issue certificate 1, "
                        + "\"CN=old\", whose issuer is \"CN=Middle\""), shown(loaded.warnings()));
    }

    @Test
    void listShowsEachCertificateOnce() throws Exception {
        write("good.crt", shop.certificatePem());
        write("good.key", shop.keyPem());
        Path file = write("conf", "events { } http { ssl_certificate good.crt; ssl_certificate_key good.key; "
                + "server { listen 127.0.0.1:443 ssl; server_name a; } server { listen 127.0.0.1:443 ssl; server_name b; }"
                + "server { listen 127.0.0.1:443 ssl; server_name c; ssl_certificate $ssl_server_name.crt; "
                + "ssl_certificate_key good.key; } }");
        List<ConfiguredCertificate> all =
                ConfiguredCertificate.all(Modules.LANGUAGE.load(file, folder, "", new ThisMachine()).config());
        assertEquals(List.of(List.of("a", "shop", "CN=Middle", shop.certificate().getNotAfter().toInstant().toString(), "364",
                folder + "/good.crt"), List.of("c", "-", "-", "-", "-", "${ssl_server_name}.crt")),
                all.stream().map(each -> each.row(NOW)).toList());
    }

    private List<String> problems(String site) {
        return problemsOf(conf(site));
    }

    private List<String> problemsOf(String whole) {
        try {
            Path file = write("conf", whole);
            Modules.LANGUAGE.load(file, folder, "", new ThisMachine());
            return List.of();
        } catch (ConfigProblems e) {
            return shown(e.problems());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private List<String> shown(List<Problem> problems) {
        return problems.stream().map(problem -> problem.toString().replace(folder + "/conf:", "").replace(folder.toString(), "@"))
                .toList();
    }

    private static String conf(String site) {
        return "events { } http { server { listen 127.0.0.1:443 ssl;\n" + site + "\n} }";
    }

    private Path write(String name, String text) throws Exception {
        return Files.writeString(folder.resolve(name), text);
    }
}
