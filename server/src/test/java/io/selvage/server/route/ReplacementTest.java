package io.selvage.server.route;

import io.selvage.server.http.Exchange;
import io.selvage.server.http.FakeClient;
import io.selvage.server.http.Regex;
import io.selvage.server.http.Template;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ReplacementTest {

    /// `$1` is what follows the first segment of the target.
    private static Exchange request(String target) {
        Exchange exchange = FakeClient.asks("GET " + target + " HTTP/1.1", "Host: a");
        assertTrue(new Regex("^/\\w+(.*)", false).capture(exchange.routing().path(), exchange));
        return exchange;
    }

    private static Replacement replacement(String text) {
        return Replacement.of(Template.parse(text, (name, _) -> exchange -> name.equals("1")
                ? Optional.of(exchange.routing().captures().get(1)) : Optional.of(exchange.routing().query())).orElseThrow());
    }

    @ParameterizedTest(name = "{1} for {0} is {2} with {3}")
    @CsvSource(delimiter = '|', textBlock = """
            /x/y?q      | /a$1            | /a/y   | q
            /x/y?q      | /a$1?           | /a/y   |
            /x/y?q      | /a?b=c          | /a     | b=c&q
            /x/y        | /a?b=c          | /a     | b=c
            /x/y?q      | /a?b=c?         | /a     | b=c
            /x/y?q      | /a?b?c          | /a     | b?c&q
            /x/y?q      | /a?             | /a     |
            /x/y?q      | /a??            | /a     |
            /x/%26?q    | /a$1?b=$1       | /a/&   | b=/%26&q
            /x/&        | /a?b=$1         | /a     | b=/&
            /x/+?q=1    | /a?b=$1&c=$args?| /a     | b=/%2B&c=q=1
            """)
    void pathAndQueryAreReplaced(String target, String text, String path, String query) {
        Exchange exchange = request(target);
        assertEquals(path, replacement(text).path(exchange));
        assertEquals(query == null ? "" : query, replacement(text).query(exchange));
        assertEquals(text, replacement(text).written().toString().replace("${1}", "$1").replace("${args}", "$args"));
    }

    @ParameterizedTest(name = "{1} for {0} redirects to {2}")
    @CsvSource(delimiter = '|', textBlock = """
            /x/y?q      | http://b$1      | http://b/y?q
            /x/y?q      | http://b$1?     | http://b/y
            /x/y?q      | http://b?c=d    | http://b?c=d&q
            /x?http%3A  | $args?          | http:
            /x?a%0D%25  | $args?          | a%0D%25
            /x?%3Fa%3D  | $args?          | ?a%3D
            /x?a%4      | $args?          | a%4
            /x/a%20b    | /c$1            | /c/a%20b
            /x/a%3Fb    | /c$1            | /c/a?b
            """)
    void redirectIsDecodedWhereThatIsSafe(String target, String text, String location) {
        assertEquals(location, replacement(text).redirect(request(target)));
    }
}
