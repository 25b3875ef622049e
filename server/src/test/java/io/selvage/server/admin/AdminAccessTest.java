package io.selvage.server.admin;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Requests as browsers and proxies send them, byte for byte.
@Timeout(60)
class AdminAccessTest {
    private static final String TOKEN = "0123456789abcdef";
    private static final String REST = " events { } http { access_log off; upstream app { server 127.0.0.1:1; } "
            + "server { listen 127.0.0.1:0; } }";

    @TempDir
    private Path folder;

    private static Administered withToken() throws Exception {
        return Administered.main("admin 127.0.0.1:0 token=" + TOKEN + ";" + REST);
    }

    /// @param fields each ended by a line break; HOST in them stands for the address of the server
    private static int status(Administered server, String method, String target, String fields) throws IOException {
        String head = method + " " + target + " HTTP/1.1\r\n" + fields.replace("HOST", "127.0.0.1:" + server.port())
                + "Connection: close\r\nContent-Type: application/json\r\nContent-Length: "
                + (method.equals("GET") ? "0\r\n\r\n" : "2\r\n\r\n{}");
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(50_000);
            socket.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            assertTrue(answer.startsWith("HTTP/1.1 "), answer);
            return Integer.parseInt(answer.substring(9, 12));
        }
    }

    private static String fields(String text) {
        return text.replace("; ", "\r\n") + "\r\n";
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Host: HOST                                                       | 200
            Host: localhost                                                  | 200
            Host: localhost:9000                                             | 200
            Host: selvage.localhost                                          | 200
            Host: [::1]:8081                                                 | 200
            Host: attacker.example                                           | 403
            Host: 127.0.0.1.attacker.example                                 | 403
            Host: 192.0.2.1                                                  | 403
            Host: HOST; X-Forwarded-For: 192.0.2.1                           | 401
            Host: HOST; Forwarded: for=192.0.2.1                             | 401
            Host: HOST; X-Real-IP: 127.0.0.1                                 | 401
            Host: HOST; Via: 1.1 proxy                                       | 401
            Host: HOST; X-Forwarded-For: a; Authorization: Bearer 0123456789abcdef | 200
            Host: shop.example; Authorization: bearer 0123456789abcdef       | 200
            """)
    void thisMachineNeedsNoTokenAndOthersDo(String fields, int status) throws Exception {
        try (Administered server = withToken()) {
            assertEquals(status, status(server, "GET", "/api/status", fields(fields)));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            POST | /api/reload | Host: HOST; Origin: http://HOST; Sec-Fetch-Site: same-origin | 200
            POST | /api/reload | Host: HOST; Origin: http://attacker.example                  | 403
            POST | /api/reload | Host: HOST; Origin: https://HOST                             | 403
            POST | /api/reload | Host: HOST; Origin: null                                     | 403
            POST | /api/reload | Host: HOST; Sec-Fetch-Site: cross-site                       | 403
            POST | /api/reload | Host: HOST; Sec-Fetch-Site: same-site                        | 403
            GET  | /api/status | Host: HOST; Sec-Fetch-Site: same-origin                      | 200
            GET  | /api/status | Host: HOST; Sec-Fetch-Site: none                             | 200
            GET  | /api/status | Host: HOST; Sec-Fetch-Site: cross-site                       | 403
            GET  | /           | Host: HOST; Sec-Fetch-Site: cross-site                       | 200
            """)
    void pagesOfOtherSitesGetNothing(String method, String target, String fields, int status) throws Exception {
        try (Administered server = withToken()) {
            assertEquals(status, status(server, method, target, fields(fields)));
        }
    }

    @ParameterizedTest
    @CsvSource({"GET, /, 200", "GET, /dashboard.css, 200", "GET, /none.css, 404", "GET, /health, 401", "GET, /metrics, 401",
        "POST, /, 401"})
    void theFilesOfTheDashboardNeedNoToken(String method, String target, int status) throws Exception {
        try (Administered server = withToken()) {
            assertEquals(status, status(server, method, target, fields("Host: shop.example; Via: 1.1 proxy")));
        }
    }

    /// Each answer takes a second, so all are asked for at once. Which of them is logged is open.
    @Test
    void wrongTokensAreRefusedAndCountedAndLoggedOnce() throws Exception {
        try (Administered server = withToken()) {
            List<FutureTask<Integer>> all = Stream.of("Bearer 0123456789abcdeg", "Bearer 0123456789abcde",
                    "Basic 0123456789abcdef", "Bearer").map(wrong -> new FutureTask<>(() ->
                    status(server, "GET", "/api/status", fields("Host: HOST; Authorization: " + wrong)))).toList();
            all.forEach(Thread::startVirtualThread);
            for (FutureTask<Integer> each : all) {
                assertEquals(401, each.get());
            }
            assertEquals(4, server.document("/api/status").getJsonObject("admin").getInt("wrong_tokens"));
            String line = String.join("\n", server.log());
            assertTrue(line.matches("warn: a request to the admin API from 127.0.0.1 had a wrong token; [1-4] since the start"),
                    line);
        }
    }

    @Test
    void aReloadChangesTheToken() throws Exception {
        Path file = Files.writeString(folder.resolve("token"), TOKEN + "\n");
        String text = "admin 127.0.0.1:0 token_file=" + file + ";" + REST;
        try (Administered server = Administered.main(text)) {
            String fields = fields("Host: HOST; Authorization: Bearer ");
            assertEquals(200, status(server, "GET", "/api/status", fields.strip() + " " + TOKEN + "\r\n"));
            Files.writeString(file, "fedcba9876543210");
            assertEquals(200, server.send("POST", "/api/reload", "{}").statusCode());
            assertEquals(401, status(server, "GET", "/api/status", fields.strip() + " " + TOKEN + "\r\n"));
            assertEquals(200, status(server, "GET", "/api/status", fields.strip() + " fedcba9876543210\r\n"));
        }
    }
}
