package io.selvage.server.admin;

import io.selvage.server.config.Language;
import io.selvage.server.config.Source;
import io.selvage.server.module.Modules;
import jakarta.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;

class ConfigDocumentTest {
    private static String shown(String text) throws Exception {
        var source = new Source("a.conf", Path.of("/etc/a.conf"), text.getBytes(StandardCharsets.UTF_8));
        JsonObject file = ConfigDocument.of(new Language.Loaded(Modules.LANGUAGE.parse("events { } http { }"), List.of(),
                List.of(source))).getJsonArray("files").getJsonObject(0);
        assertEquals("/etc/a.conf", file.getString("path"));
        return file.getString("text");
    }

    @Test
    void aTextIsShownAsItIs() throws Exception {
        String text = "# ä comment\nevents { } http { server { location ~ ^/(\\d+)$ { return 200 \"$1\"; } } }\n";
        assertEquals(text, shown(text));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            admin 0.0.0.0:1 token=0123456789abcdef;            | admin 0.0.0.0:1 token=***;
            secure_link_secret very;                           | secure_link_secret ***;
            external_account_key k data:abc;                   | external_account_key k data:***;
            proxy_set_header Authorization "Basic YTpi";       | proxy_set_header Authorization ***;
            limit_req_zone $uri zone=a:1m store=redis://u:p@h; | limit_req_zone $uri zone=a:1m store=redis://u:***@h;
            proxy_pass http://app:8080/a@b;                    | proxy_pass http://app:8080/a@b;
            """)
    void secretsAreHidden(String text, String expected) throws Exception {
        assertEquals(expected, shown(text));
    }

    @Test
    void privateKeysAreHidden() throws Exception {
        assertEquals("ssl_certificate_key \"data:-----BEGIN PRIVATE KEY-----***-----END PRIVATE KEY-----\n\";",
                shown("ssl_certificate_key \"data:-----BEGIN PRIVATE KEY-----\nMII\nA=\n-----END PRIVATE KEY-----\n\";"));
    }
}
