package io.selvage.server.whole;

import io.selvage.server.net.Io;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Conditions look at the validators of the file, ranges at those that are sent. The statuses are nginx's.
@Timeout(60)
class ConditionsAndRangesTest {
    private TestServer server;

    @BeforeEach
    void start() throws IOException {
        server = TestServer.nginx(Io.jdk(), """
                server {
                    listen 127.0.0.1:0;
                    location /file { add_header ETag '"v2"'; add_header X-Kind text; }
                    location /plain { alias file; }
                    location /undated { alias file; add_header Last-Modified ""; }
                    location /redated { alias file; add_header Last-Modified "Mon, 01 Jan 2024 00:00:00 GMT"; }
                    location /misdated { alias file; add_header Last-Modified "yesterday"; }
                    location /text { return 200 hello; }
                }
                """, "html/file", "0123456789", "file", "0123456789");
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    private String ask(String path, String fields) throws IOException {
        return server.ask("GET " + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" + fields + "\r\n");
    }

    private int status(String path, String fields) throws IOException {
        return Integer.parseInt(ask(path, fields).substring(9, 12));
    }

    private String tagOfFile() throws IOException {
        return server.get("/plain").lines().filter(line -> line.startsWith("ETag: ")).findFirst().orElseThrow().substring(6);
    }

    @Test
    void conditionsUseTheTagOfTheFile() throws IOException {
        assertEquals(304, status("/plain", "If-None-Match: " + tagOfFile() + "\r\n"));
        assertEquals(200, status("/file", "If-None-Match: \"v2\"\r\n"));
    }

    @Test
    void rangesUseTheTagThatIsSent() throws IOException {
        assertEquals(206, status("/file", "Range: bytes=0-1\r\nIf-Range: \"v2\"\r\n"));
        assertEquals(200, status("/file", "Range: bytes=0-1\r\nIf-Range: " + tagOfFile() + "\r\n"));
    }

    @Test
    void rangesUseTheDateThatIsSent() throws IOException {
        String range = "Range: bytes=0-1\r\nIf-Range: ";
        String file = range + lastModified() + "\r\n";
        String other = range + "Mon, 01 Jan 2024 00:00:00 GMT\r\n";
        assertEquals(206, status("/plain", file));
        assertEquals(200, status("/undated", file));
        assertEquals(200, status("/redated", file));
        assertEquals(206, status("/redated", other));
        assertEquals(200, status("/plain", other));
        assertEquals(200, status("/misdated", file));
        assertEquals(200, status("/misdated", range + "yesterday\r\n"));
        assertEquals(206, status("/undated", "Range: bytes=0-1\r\n"));
    }

    @Test
    void notModifiedAnswerGetsAddedFields() throws IOException {
        String answer = ask("/file", "If-Modified-Since: " + lastModified() + "\r\n");
        assertTrue(answer.startsWith("HTTP/1.1 304 ") && answer.contains("\r\nX-Kind: text\r\n"), answer);
    }

    private String lastModified() throws IOException {
        return server.get("/file").lines().filter(line -> line.startsWith("Last-Modified: ")).findFirst().orElseThrow()
                .substring("Last-Modified: ".length());
    }

    @Test
    void returnedTextIsConditionalToo() throws IOException {
        assertEquals(412, status("/text", "If-Match: \"x\"\r\n"));
        assertEquals(304, status("/text", "If-None-Match: *\r\n"));
    }
}
