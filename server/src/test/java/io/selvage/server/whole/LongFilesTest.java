package io.selvage.server.whole;

import io.selvage.server.net.Io;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Files of all lengths, in memory and on disk, are sent unchanged.
@Timeout(60)
@ParameterizedClass(name = "io {0}")
@MethodSource("io.selvage.server.net.Ios#all")
class LongFilesTest {
    private static final String GET = "GET /%s HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final int[] LENGTHS = {0, 1, 4_000, 16_384, 16_385, 65_535, 65_536, 65_537, 131_072, 1_048_576, 3_000_001};

    @Parameter
    private Io io;

    private static String site(String sendfile) {
        return "sendfile " + sendfile + "; open_file_cache max=9; open_file_cache_valid 10ms;"
                + " server { listen 127.0.0.1:0; location / { root .; } }";
    }

    private static String text(int length) {
        StringBuilder text = new StringBuilder(length + 16);
        while (text.length() < length) {
            text.append(text.length()).append(' ');
        }
        text.setLength(length);
        return text.toString();
    }

    private static String body(String answer) {
        return answer.substring(answer.indexOf("\r\n\r\n") + 4);
    }

    private void allLengthsComeOutAsTheyAre(String sendfile) throws IOException {
        try (TestServer server = TestServer.nginx(io, site(sendfile)); RawClient client = server.connect()) {
            for (int length : LENGTHS) {
                Files.writeString(server.folder().resolve("f" + length), text(length), ISO_8859_1);
            }
            for (int round = 0; round < 3; round++) {
                for (int length : LENGTHS) {
                    String answer = client.send(GET.formatted("f" + length)).readAnswer();
                    assertTrue(answer.startsWith("HTTP/1.1 200 OK\r\n"), () -> answer.substring(0, 100));
                    assertEquals(text(length), body(answer));
                }
            }
        }
    }

    @Test
    void filesOfAllLengthsWithSendfile() throws IOException {
        allLengthsComeOutAsTheyAre("on");
    }

    @Test
    void filesOfAllLengthsWithoutSendfile() throws IOException {
        allLengthsComeOutAsTheyAre("off");
    }

    @Test
    void rangesOfAnOpenFile() throws IOException {
        String get = "GET /f HTTP/1.1\r\nHost: a\r\nRange: bytes=%d-%d\r\n\r\n";
        String text = text(200_000);
        try (TestServer server = TestServer.nginx(io, site("on"), "f", text); RawClient client = server.connect()) {
            for (int first : new int[] {0, 10_000, 16_384, 150_000}) {
                String answer = client.send(get.formatted(first, first + 19_999)).readAnswer();
                assertTrue(answer.startsWith("HTTP/1.1 206 Partial Content\r\n"), () -> answer.substring(0, 100));
                assertEquals(text.substring(first, first + 20_000), body(answer));
            }
        }
    }

    /// The client has taken a little of the first answer when the file is replaced. It gets all of the old one, then the new.
    @Test
    void answerInProgressKeepsItsFile() throws Exception {
        String old = text(8_000_000);
        try (TestServer server = TestServer.nginx(io, site("on"), "f", old); RawClient client = server.connect()) {
            client.send(GET.formatted("f"));
            client.readHead();
            Path fresh = Files.writeString(server.folder().resolve("fresh"), "new".repeat(100_000), ISO_8859_1);
            Files.move(fresh, server.folder().resolve("f"), StandardCopyOption.ATOMIC_MOVE);
            String seen = "";
            while (!seen.endsWith("new")) {
                seen = server.get("/f");
            }
            assertEquals(old, client.read(old.length()));
            assertTrue(client.send(GET.formatted("f")).readAnswer().endsWith("new"));
        }
    }
}
