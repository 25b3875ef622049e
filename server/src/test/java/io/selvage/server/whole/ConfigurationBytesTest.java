package io.selvage.server.whole;

import io.selvage.server.net.ByteText;
import io.selvage.server.net.Ios;
import io.selvage.server.proxy.Origin;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// The bytes of a configuration file reach file names, paths, answers, peers and logs unchanged.
@Timeout(60)
class ConfigurationBytesTest {
    private static final String SITE = """
            log_format names 'журнал $uri';
            server {
                listen 127.0.0.1:0;
                root файлы;
                access_log записи/ä.log names;
                add_header X-Team "команда";
                error_page 404 /ошибка.html;
                location /straße/ { return 200 "привет é"; }
                location /b/ { alias другие/; index главная.html; }
                location ~ ^/(?<word>п.+т)$ { return 200 "$word"; }
                location = /tried { try_files /нет /есть.txt =500; }
                location = /moved { return 301 /туда; }
                location = /include { include вложение*.conf; }
            }
            """;
    private static final String[] FILES = {"файлы/a.txt", "found", "файлы/есть.txt", "tried", "файлы/ошибка.html", "not here",
        "другие/главная.html", "start", "вложение-1.conf", ByteText.encode("return 200 'вложено';"), "записи/x", ""};

    private static TestServer server() throws IOException {
        return TestServer.nginx(Ios.usual(), SITE, FILES);
    }

    @ParameterizedTest
    @CsvSource(nullValues = "-", value = {
        "/a.txt,                        200, found",
        "/stra%C3%9Fe/x,                200, привет é",
        "/b/,                           200, start",
        "/%D0%BF%D1%85%D1%82,           200, пхт",
        "/tried,                        200, tried",
        "/include,                      200, вложено",
        "/nothing,                      404, not here",
    })
    void nonAsciiTextWorksEverywhere(String target, int status, String body) throws IOException {
        try (TestServer server = server()) {
            String answer = server.get(target);
            assertTrue(answer.startsWith("HTTP/1.1 " + status), answer);
            assertEquals(body, ByteText.decode(answer.substring(answer.indexOf("\r\n\r\n") + 4)));
        }
    }

    @Test
    void fieldsHaveTheBytesOfTheFile() throws IOException {
        try (TestServer server = server()) {
            String answer = ByteText.decode(server.get("/moved"));
            assertTrue(answer.contains("\r\nX-Team: команда\r\n"), answer);
            assertTrue(answer.contains("/туда\r\n"), answer);
        }
    }

    @Test
    void logHasTheBytesOfTheFile() throws IOException {
        try (TestServer server = server()) {
            server.get("/a.txt");
            server.stop(Duration.ofSeconds(50));
            Path log = server.folder().resolve(ByteText.path(ByteText.encode("записи/ä.log")));
            assertEquals(List.of("журнал /a.txt"), Files.readAllLines(log));
        }
    }

    @Test
    void bytesThatAreNotUtf8Survive() throws IOException {
        try (TestServer server = server()) {
            Path file = server.folder().resolve("latin1.conf");
            Files.writeString(file, "return 200 \u00e9;", StandardCharsets.ISO_8859_1);
            server.reload("server { listen 127.0.0.1:0; include latin1.conf; }");
            assertTrue(server.get("/").endsWith("\r\n\r\n\u00e9"));
        }
    }

    @Test
    void peerGetsTheBytesOfTheFile() throws IOException {
        try (Origin origin = Origin.answering("HTTP/1.1 204 No Content\r\n\r\n");
             TestServer server = TestServer.nginx(Ios.usual(), """
                     server {
                         listen 127.0.0.1:0;
                         location / { proxy_set_header X-Team "é"; proxy_pass http://%s; }
                     }
                     """.formatted(origin.address()))) {
            server.get("/");
            String received = ByteText.decode(origin.requests().getFirst());
            assertTrue(received.contains("X-Team: é\r\n"), received);
        }
    }
}
