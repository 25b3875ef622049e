package io.selvage.server.cli;

import io.selvage.server.module.Modules;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class HttpsOptionsTest {

    private static HttpsOptions options(String... words) {
        return CommandLine.populateCommand(new HttpsOptions(), words);
    }

    private static String configuration(HttpsOptions options, String... upstreams) {
        options.check();
        return new ServedFolder(Path.of("/srv"), options.standardAddress(), options, List.of(upstreams),
                "admin 127.0.0.1:0;\n").configuration();
    }

    @Test
    void withoutAnOptionNothingIsEncrypted() throws Exception {
        String text = configuration(options());

        Modules.LANGUAGE.parse(text);
        assertTrue(text.contains("listen 127.0.0.1:8080;"), text);
        assertFalse(text.contains("ssl"), text);
    }

    @Test
    void aNameAloneGetsACertificateThatIsSignedByItself() throws Exception {
        String text = configuration(options("--https", "shop.example"));

        Modules.LANGUAGE.parse(text);
        assertTrue(text.contains("listen 127.0.0.1:8443 ssl;"), text);
        assertTrue(text.contains("ssl_certificate \"data:-----BEGIN CERTIFICATE-----"), text);
    }

    @ParameterizedTest
    @CsvSource({"''", "http://127.0.0.1:5000"})
    void anAddressOrdersTheCertificateAtLetsEncrypt(String upstream) throws Exception {
        String text = configuration(options("--https", "shop.example", "--email", "me@shop.example"),
                upstream.isEmpty() ? new String[0] : new String[] {upstream});

        Modules.LANGUAGE.parse(text);
        assertTrue(text.contains("uri https://acme-v02.api.letsencrypt.org/directory;"), text);
        assertTrue(text.contains("contact me@shop.example;"), text);
        assertTrue(text.contains("listen 443 ssl;"), text);
        assertTrue(text.contains("listen 80;"), text);
        assertTrue(text.contains("server_name shop.example;"), text);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --email me@shop.example                                      | --email needs --https with the name of the site
            --https --email me@shop.example                              | --email needs --https with the name of the site
            --https shop.example --acme https://a/                       | --acme, --acme-ca and --state need --email
            --https shop.example --state /s                              | --acme, --acme-ca and --state need --email
            --https a;b --email me@shop.example                          | "a;b" has a character that cannot be in a configuration
            """)
    void optionsThatDoNotGoTogetherAreRefused(String words, String reason) {
        HttpsOptions options = options(words.split(" "));

        assertEquals(reason, assertThrows(IllegalArgumentException.class, options::check).getMessage());
    }
}
