package io.selvage.server.effects;

import io.selvage.server.whole.TestServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static io.selvage.server.effects.Serving.body;
import static io.selvage.server.effects.Serving.get;
import static io.selvage.server.effects.Serving.site;
import static org.junit.jupiter.api.Assertions.assertEquals;

/// Links that must come from a site, or be authentic.
@Timeout(60)
class LinkDirectivesTest {

    private static void assertReferer(String directive, String fields, String invalid) throws IOException {
        String names = "server_name a.site *.b.site ~^c[0-9]$; ";
        try (TestServer server = site(names + directive + " return 200 '<$invalid_referer>';")) {
            assertEquals("<" + invalid + ">", body(get(server, "/", fields)));
        }
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "http://example.org, ''", "https://EXAMPLE.org:81/x, ''", "http://x.example.org/, 1", "http://a.example.com/, ''",
        "http://example.com/, 1", "http://www.example.net/, ''", "http://p.test/gallery/1, ''", "http://p.test/other, 1",
        "http://p.test, 1", "http://d.test/, ''", "http://sub.d.test/, ''", "http://mail.google.com/x, ''",
        "ftp://example.org/, 1",
        "example.org, 1", "http://e.g, 1", "'', 1", "http://a.site/, 1",
    })
    @Effect("valid_referers")
    void validReferersListsSites(String referer, String invalid) throws IOException {
        assertReferer("valid_referers example.org *.example.com www.example.* p.test/gallery/ .d.test; "
                + "valid_referers ~\\\\.google\\\\.;", "Referer: " + referer + "\r\n", invalid);
    }

    @Test
    void missingAndBlockedReferersMayBeValid() throws IOException {
        assertReferer("valid_referers example.org;", "", "1");
        assertReferer("valid_referers none example.org;", "", "");
        assertReferer("valid_referers none example.org;", "Referer: hidden\r\n", "1");
        assertReferer("valid_referers blocked example.org;", "Referer: hidden\r\n", "");
        assertReferer("valid_referers blocked example.org;", "", "1");
        assertReferer("", "Referer: http://other.test/\r\n", "");
    }

    @ParameterizedTest
    @CsvSource({"a.site, ''", "x.b.site, ''", "c7, 1", "c7.test, 1", "c7/long/path, ''", "other, 1"})
    void namesOfTheSiteMayBeValid(String host, String invalid) throws IOException {
        assertReferer("valid_referers server_names;", "Referer: http://" + host + "\r\n", invalid);
    }

    @Test
    void refererIsJudgedByTheLocation() throws IOException {
        try (TestServer server = site("valid_referers example.org; location /a { return 200 '<$invalid_referer>'; }"
                + " location /b { valid_referers other.test; return 200 '<$invalid_referer>'; }")) {
            assertEquals("<>", body(get(server, "/a", "Referer: http://example.org/\r\n")));
            assertEquals("<1>", body(get(server, "/b", "Referer: http://example.org/\r\n")));
        }
    }

    private static byte[] md5(String text) {
        try {
            return MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.ISO_8859_1));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(md5(text));
    }

    private static String linked(String target) throws IOException {
        try (TestServer server = site("secure_link $arg_md5,$arg_time; secure_link_md5 \"$arg_time$uri word\";"
                + " location /without { secure_link $arg_md5; return 200 '<$secure_link> <$secure_link_expires>'; }"
                + " location / { return 200 '<$secure_link> <$secure_link_expires>'; }")) {
            return body(server.get(target));
        }
    }

    @Test
    @Effect({"secure_link", "secure_link_md5"})
    void secureLinkShowsWhetherALinkIsAuthentic() throws IOException {
        assertEquals("<1> <9999999999>", linked("/f?time=9999999999&md5=" + base64("9999999999/f word")));
        assertEquals("<1> <9999999999>", linked("/f?time=9999999999&md5=" + base64("9999999999/f word") + "=="));
        assertEquals("<0> <1000000000>", linked("/f?time=1000000000&md5=" + base64("1000000000/f word")));
        assertEquals("<> <9999999999>", linked("/f?time=9999999999&md5=" + base64("9999999998/f word")));
        assertEquals("<> <9999999999>", linked("/f?time=9999999999&md5=" + base64("9999999999/f word") + "AAAAA"));
        assertEquals("<> <9999999999>", linked("/f?time=9999999999&md5=%%%"));
        assertEquals("<> <>", linked("/f?time=0&md5=" + base64("0/f word")));
        assertEquals("<> <>", linked("/f?time=soon&md5=" + base64("soon/f word")));
        assertEquals("<> <>", linked("/f?md5=" + base64("/f word")));
        assertEquals("<1> <>", linked("/without?md5=" + base64("/without word")));
        assertEquals("<> <>", linked("/without"));
    }

    @Test
    @Effect("secure_link_secret")
    void secureLinkSecretShowsTheLinkInThePath() throws IOException {
        String hash = HexFormat.of().formatHex(md5("a%20file?x=1word"));
        try (TestServer server = site("location /p/ { secure_link_secret word; return 200 '<$secure_link>'; }")) {
            assertEquals("<a%20file?x=1>", body(server.get("/p/" + hash + "/a%20file?x=1")));
            assertEquals("<a%20file?x=1>", body(server.get("/p/" + hash.toUpperCase(Locale.ROOT) + "/a%20file?x=1")));
            assertEquals("<>", body(server.get("/p/" + hash + "/a%20file?x=2")));
            assertEquals("<>", body(server.get("/p/" + hash.substring(1) + "/a%20file?x=1")));
            assertEquals("<>", body(server.get("/p/" + hash + "/")));
            assertEquals("<>", body(server.get("/p/" + hash)));
            assertEquals("<>", body(server.get("/p/")));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "secure_link $arg_a;", "secure_link_md5 a;"})
    void secureLinkNeedsBothDirectives(String directives) throws IOException {
        try (TestServer server = site(directives + " return 200 '<$secure_link>';")) {
            assertEquals("<>", body(server.get("/?a=" + base64("a"))));
        }
    }
}
