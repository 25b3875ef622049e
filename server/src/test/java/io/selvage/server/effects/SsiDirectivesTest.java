package io.selvage.server.effects;

import io.selvage.server.net.Io;
import io.selvage.server.proxy.Origin;
import io.selvage.server.proxy.Signal;
import io.selvage.server.whole.RawClient;
import io.selvage.server.whole.TestServer;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import static io.selvage.server.effects.Serving.field;
import static io.selvage.server.effects.Serving.http;
import static io.selvage.server.effects.Serving.site;
import static io.selvage.server.effects.Serving.status;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

@Timeout(60)
class SsiDirectivesTest {
    private static final String ERROR = "[an error occurred while processing the directive]";

    /// The body of an answer in chunks.
    private static String page(String answer) {
        StringBuilder body = new StringBuilder();
        int at = answer.indexOf("\r\n\r\n") + 4;
        while (true) {
            int end = answer.indexOf("\r\n", at);
            int length = Integer.parseInt(answer.substring(at, end), 16);
            if (length == 0) {
                return body.toString();
            }
            body.append(answer, end + 2, end + 2 + length);
            at = end + 2 + length + 2;
        }
    }

    private static String shown(String content, String... directives) throws IOException {
        try (TestServer server = site("ssi on; " + String.join(" ", directives), "p.html", content, "d/x.txt", "part", "t.txt",
                "text <!--# echo var='a' -->", "i.html", "(<!--# echo var='a' -->)", "d/self.html",
                "x<!--# include virtual='self.html' -->")) {
            return page(server.get("/p.html?q=%3C&w=a+b"));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
        "a<b><!-- c --><!-d<!--# echo var=\"arg_q\" -->e | a<b><!-- c --><!-d%3Ce",
        "<!--#echo var='arg_none'--> | (none)",
        "<!--# echo var='arg_none' default='?' --> | ?",
        "<!--# echo var='arg_none' default='' -->. | .",
        "<!--# set var='x' value='a<b> c' --><!--# echo var='X' --> | a&lt;b&gt; c",
        "<!--# set var='x' value='a<b> c' --><!--# echo var='x' encoding='none' --> | a<b> c",
        "<!--# set var='x' value='a<b> c' --><!--# echo var='x' encoding='url' --> | a%3Cb%3E%20c",
        "<!--# set var='x' value='$uri:${arg_w}:\\$uri' --><!--# echo var='x' --> | /p.html:a+b:$uri",
        "<!--# include virtual='/d/x.txt' -->! | part!",
        "<!--# include file='d/x.txt' -->! | part!",
        "<!--# include virtual='d/x.txt' wait='yes' -->! | part!",
        "<!--# include virtual='t.txt' -->! | text <!--# echo var='a' -->!",
        "<!--# set var='a' value='1' --><!--# include virtual='i.html' -->! | (1)!",
        "<!--# include virtual='/d/x.txt' set='v' -->[<!--# echo var='v' -->] | [part]",
        "<!--# include virtual='/none' set='v' -->[<!--# echo var='v' -->] | []",
        "<!--# block name='c' --><!--# echo var='arg_q' --><!--# endblock --><!--# include virtual='/n' stub='c' -->! | (none)!",
        "<!--# set var='x' value='a\\'b\\c' --><!--# echo var='x' encoding='none' --> | a'b\\c",
        "<!--# endblock -->. | .",
        "<!--# block name='b' -->no<!--# endblock --><!--# include virtual='/d/x.txt' stub='b' -->! | part!",
        "<!--# if expr='$arg_q' -->yes<!--# else -->no<!--# endif -->. | yes.",
        "<!--# if expr='$arg_none' -->yes<!--# elif expr='$arg_w = a+b' -->or<!--# else -->no<!--# endif -->. | or.",
        "<!--# if expr='$arg_w != a+b' -->yes<!--# else -->no<!--# endif -->. | no.",
        "<!--# if expr='$arg_w = /^(.)\\+(?<l>.)/' --><!--# echo var='1' --><!--# echo var='l' --><!--# endif -->. | ab.",
        "<!--# if expr='$arg_w != /x/' -->yes<!--# endif -->. | yes.",
        "<!--# if expr='' -->a<!--# if expr='1' -->b<!--# endif -->c<!--# endif -->d | d",
        "<!--# if expr='1' -->a<!--# if expr='' -->b<!--# else -->c<!--# endif -->d<!--# endif -->e | acde",
        "<!--# config timefmt='%Y-%%' --><!--# echo var='date_gmt' encoding='none' --> | 2",
        "<!--# config errmsg='oops' --><!--# endif -->. | oops.",
        "<!--# config errmsg='!' --><!--# if expr='$uri = /a' -->a<!--# else -->b<!--# endif -->. | !a!b!.",
        "<!--# config errmsg='!' --><!--# include virtual='/no' stub='none' -->. | !.",
        "a<!--# unfinished | a",
        "a<!-- | a<!--"
    })
    @Effect("ssi")
    void ssiRunsTheCommandsOfAPage(String content, String expected) throws IOException {
        String page = shown(content);
        if (expected.equals("2")) {
            assertTrue(page.matches("20\\d\\d-%"), page);
        } else {
            assertEquals(expected, page);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
        "<!--# wrong --> | invalid SSI command: \"wrong\"",
        "<!--# echo --> | mandatory \"var\" parameter is absent in \"echo\" SSI command",
        "<!--# echo var='a' war='b' --> | invalid parameter name: \"war\" in \"echo\" SSI command",
        "<!--# echo var='a' var='b' --> | duplicate \"var\" parameter in \"echo\" SSI command",
        "<!--# echo var=a --> | unexpected \"a\" symbol before value of \"var\" parameter in \"echo\" SSI command",
        "<!--# include file='a' wait='yes' --> | \"wait\" cannot be used with",
        "<!--# include --> | no parameter in \"include\" SSI command",
        "<!--# include virtual='/../a' --> | unsafe URI \"/../a\"",
        "<!--# include virtual='/a' wait='maybe' --> | invalid value \"maybe\" in the \"wait\" parameter",
        "<!--# include virtual='/a' set='a' stub='b' --> | \"set\" and \"stub\" cannot be used together",
        "<!--# set var='a' value='$' --> | invalid variable name in \"$\"",
        "<!--# if expr='$uri = /(/' --> | invalid regular expression in \"/(/\"",
        "<!--# elif expr='a' --> | invalid context of SSI command",
    })
    @Effect("ssi")
    void commandsThatFailLeaveAMessageAndALogLine(String content, String line) throws IOException {
        try (TestServer server = site("ssi on;", "p.html", content + ".")) {
            assertEquals(ERROR + ".", page(server.get("/p.html")));
            assertTrue(server.errorLog().stream().anyMatch(each -> each.contains(line)), () -> lines(server));
        }
    }

    private static String lines(TestServer server) {
        try {
            return server.errorLog().toString();
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Test
    @Effect("ssi")
    void aPageThatIncludesItselfEnds() throws IOException {
        assertEquals("x".repeat(50) + ERROR, shown("<!--# include virtual='/d/self.html' -->"));
    }

    @Test
    @Effect("ssi")
    void aPageHasNeitherLengthNorValidators() throws IOException {
        try (TestServer server = site("ssi on;", "p.html", "text")) {
            String answer = server.get("/p.html");
            assertEquals("chunked", field(answer, "Transfer-Encoding"));
            assertEquals("", field(answer, "Content-Length") + field(answer, "ETag") + field(answer, "Last-Modified")
                    + field(answer, "Accept-Ranges"));
            String head = server.ask("HEAD /p.html HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
            assertTrue(head.endsWith("\r\n\r\n"), head);
        }
    }

    @Test
    @Effect("ssi_last_modified")
    void ssiLastModifiedKeepsTheValidators() throws IOException {
        try (TestServer server = site("ssi on; ssi_last_modified on;", "p.html", "text")) {
            String answer = server.get("/p.html");
            assertFalse(field(answer, "Last-Modified").isEmpty());
            assertTrue(field(answer, "ETag").startsWith("W/\""));
        }
    }

    @Test
    @Effect("ssi_silent_errors")
    void ssiSilentErrorsHidesMessages() throws IOException {
        assertEquals("ab", shown("a<!--# wrong -->b", "ssi_silent_errors on;"));
    }

    @Test
    @Effect("ssi_types")
    void ssiTypesChoosesThePages() throws IOException {
        try (TestServer server = site("ssi on; ssi_types text/css;", "p.css", "<!--# echo var='uri' -->", "p.js",
                "<!--# echo var='uri' -->")) {
            assertEquals("/p.css", page(server.get("/p.css")));
            assertTrue(server.get("/p.js").endsWith("<!--# echo var='uri' -->"));
        }
    }

    @Test
    @Effect("ssi_value_length")
    void ssiValueLengthLimitsParameters() throws IOException {
        assertEquals(ERROR, shown("<!--# set var='a' value='12345' -->", "ssi_value_length 4;"));
        assertEquals("", shown("<!--# set var='a' value='1234' -->", "ssi_value_length 4;"));
    }

    @Test
    @Effect("subrequest_output_buffer_size")
    void subrequestOutputBufferSizeLimitsResponsesThatBecomeVariables() throws IOException {
        String content = "<!--# include virtual='/d/x.txt' set='v' --><!--# echo var='v' -->";
        assertEquals("part", shown(content, "location /d { subrequest_output_buffer_size 4; }"));
        assertEquals(ERROR + "(none)", shown(content, "location /d { subrequest_output_buffer_size 3; }"));
    }

    /// What stands before an included answer reaches the client before that answer is there.
    @ParameterizedTest
    @MethodSource("io.selvage.server.net.Ios#all")
    @Effect("ssi")
    void aPageIsSentUpToACommandThatWaits(Io io) throws Exception {
        Signal seen = new Signal();
        try (Origin origin = Origin.scripted(wire -> {
            wire.readRequest();
            seen.await();
            wire.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n later");
        }); TestServer server = TestServer.nginx(io, """
                server { listen 127.0.0.1:0; root .; ssi on; location /later { proxy_pass http://%s; } }
                """.formatted(origin.address()), "p.html", "first<!--# include virtual='/later?a=%20b' -->!");
             RawClient client = server.connect()) {
            client.send("GET /p.html HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
            client.readUntil("first");
            seen.give();
            client.readUntil(" late");
            client.readUntil("!");
            assertTrue(origin.requests().getFirst().startsWith("GET /later?a=%20b "), origin.requests()::getFirst);
        }
    }

    @Test
    @Effect("ssi")
    void aClientThatGoesEndsThePageAndItsSubrequest() throws Exception {
        Signal asked = new Signal();
        Signal gone = new Signal();
        try (Origin origin = Origin.scripted(wire -> {
            wire.readRequest();
            asked.give();
            wire.end();
            gone.give();
        }); TestServer server = site("ssi on; location /never { proxy_pass http://" + origin.address() + "; }", "p.html",
                "<!--# include virtual='/never' -->"); RawClient client = server.connect()) {
            client.send("GET /p.html HTTP/1.1\r\nHost: a\r\n\r\n");
            asked.await();
            client.reset();
            gone.await();
            assertTrue(server.accessLog().getFirst().startsWith("GET /p.html HTTP/1.1|"), () -> lines(server));
        }
    }

    @Test
    void variablesOfTheConfigurationHaveNames() throws IOException {
        try (TestServer server = http("""
                server {
                    listen 127.0.0.1:0;
                    root .;
                    ssi on;
                    location ~ ^/(?<page>[a-z]+)\\.html$ { }
                }
                """, "abc.html", "<!--# echo var='page' -->")) {
            assertEquals(200, status(server.get("/abc.html")));
            assertEquals("abc", page(server.get("/abc.html")));
        }
    }
}
