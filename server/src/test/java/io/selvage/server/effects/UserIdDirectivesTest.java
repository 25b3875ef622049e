package io.selvage.server.effects;

import io.selvage.server.whole.TestServer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static io.selvage.server.effects.Serving.field;
import static io.selvage.server.effects.Serving.get;
import static io.selvage.server.effects.Serving.http;
import static io.selvage.server.effects.Serving.site;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

@Timeout(60)
class UserIdDirectivesTest {
    /// A number that nginx gave: the service 258 in front.
    private static final String KNOWN = "AAABAmsKzKZORzNVAwMDAg==";

    private static String cookie(String directives, String fields) throws IOException {
        try (TestServer server = site(directives, "f", "")) {
            return field(get(server, "/f", fields), "Set-Cookie");
        }
    }

    @Test
    @Effect("userid")
    void useridGivesEachClientACookieOfItsOwn() throws IOException {
        try (TestServer server = site("userid on;", "f", "")) {
            String first = field(server.get("/f"), "Set-Cookie");
            assertTrue(first.matches("uid=fwAAAW[A-Za-z0-9+/]{16}==; path=/"), first);
            assertNotEquals(first, field(server.get("/f"), "Set-Cookie"));
            assertEquals("", field(get(server, "/f", "Cookie: a=b; uid=" + KNOWN + "\r\n"), "Set-Cookie"));
            assertTrue(field(get(server, "/f", "Cookie: uid=nonsense\r\n"), "Set-Cookie").startsWith("uid=fwAAAW"));
        }
    }

    @ParameterizedTest
    @CsvSource({"userid v1, 'uid=AAAAA[A-Za-z0-9+/]{17}==; path=/'", "userid log, ''", "userid off, ''",
        "userid on; userid_name id, 'id=.{24}; path=/'", "userid on; userid_domain a.b, 'uid=.{24}; domain=a.b; path=/'",
        "userid on; userid_path /p, 'uid=.{24}; path=/p'", "userid on; userid_service 258, 'uid=AAABA[g-v].{18}; path=/'",
        "userid on; userid_expires max, 'uid=.{24}; expires=Thu, 31-Dec-37 23:55:55 GMT; path=/'",
        "userid on; userid_expires 1d, 'uid=.{24}; expires=..., \\d\\d-...-\\d\\d \\d\\d:\\d\\d:\\d\\d GMT; path=/'",
        "userid on; userid_flags samesite=lax secure, 'uid=.{24}; path=/; secure; samesite=lax'",
        "userid on; userid_mark Z, 'uid=.{22}Z=; path=/'"})
    @Effect({"userid", "userid_name", "userid_domain", "userid_path", "userid_service", "userid_expires", "userid_flags",
        "userid_mark"})
    void theCookieHasWhatTheDirectivesSay(String directives, String expected) throws IOException {
        String cookie = cookie(directives + ";", "");
        assertTrue(cookie.matches(expected), cookie);
    }

    @Test
    @Effect("userid_mark")
    void useridMarkSendsACookieWithAnotherMarkAgain() throws IOException {
        String mark = "userid on; userid_mark A;";
        assertEquals("uid=" + KNOWN.replace("==", "A=") + "; path=/", cookie(mark, "Cookie: uid=" + KNOWN + "\r\n"));
        assertEquals("", cookie(mark, "Cookie: uid=" + KNOWN.replace("==", "A=") + "\r\n"));
    }

    @Test
    @Effect("userid_p3p")
    void useridP3pAddsAField() throws IOException {
        try (TestServer server = site("userid on; userid_p3p 'a b';", "f", "")) {
            assertEquals("a b", field(server.get("/f"), "P3P"));
        }
    }

    @Test
    @Effect("userid")
    void theNumbersAreVariables() throws IOException {
        try (TestServer server = http("""
                log_format ids '$uid_got|$uid_set';
                access_log ids.log ids;
                server { listen 127.0.0.1:0; root .; userid on; userid_service 258; }
                """, "f", "")) {
            get(server, "/f", "Cookie: uid=" + KNOWN + "\r\n");
            server.get("/f");
            server.stop(Duration.ofSeconds(50));
            List<String> lines = server.lines("ids.log");
            assertEquals("uid=02010000A6CC0A6B5533474E02030303|-", lines.getFirst());
            assertTrue(lines.getLast().matches("-\\|uid=02010000[0-9A-F]{24}"), lines.getLast());
        }
    }
}
