package io.selvage.server.effects;

import io.selvage.server.net.Ios;
import io.selvage.server.whole.TestServer;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Servers for the tests of this package, and a look at what they answer.
final class Serving {
    private Serving() {
    }

    /// @param text what stands inside `http`
    /// @param files a name, its content, a name, its content, ...
    static TestServer http(String text, String... files) throws IOException {
        return TestServer.nginx(Ios.usual(), text, files);
    }

    /// @param text what stands inside the only `server`, whose root is the folder of the test
    static TestServer site(String text, String... files) throws IOException {
        return http("server { listen 127.0.0.1:0; root .; " + text + " }", files);
    }

    /// @param text all of a main configuration
    static TestServer main(String text, String... files) throws IOException {
        return TestServer.main(Ios.usual(), text, files);
    }

    /// The answer to a GET with some header fields, each ended by a line break, on a connection of its own.
    static String get(TestServer server, String target, String fields) throws IOException {
        return server.ask("GET " + target + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" + fields + "\r\n");
    }

    static int status(String answer) {
        return answer.startsWith("HTTP/1.1 ") ? Integer.parseInt(answer.substring(9, 12)) : 0;
    }

    static String body(String answer) {
        return answer.substring(answer.indexOf("\r\n\r\n") + 4);
    }

    /// The value of a header field, empty for none.
    static String field(String answer, String name) {
        Matcher line = Pattern.compile("(?i)\r\n" + name + ": ([^\r]*)\r\n").matcher(answer);
        return line.find() ? line.group(1) : "";
    }
}
