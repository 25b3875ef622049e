package io.selvage.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;

/// Applications behind FastCGI and SCGI, in the usual configurations: PHP under php-fpm, and Flask under uwsgi.
class GatewayIT {
    private static final int LONG = 3_000_000;
    private static final String SHA256_OF_HELLO = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

    /// As guides for applications with one entry script have it.
    private static final String PHP = """
            server {
                listen %d;
                root %s;
                index index.php index.html;
                location / {
                    try_files $uri $uri/ /index.php?$query_string;
                }
                location ~ \\.php(/|$) {
                    fastcgi_split_path_info ^(.+?\\.php)(/.*)$;
                    include fastcgi_params;
                    fastcgi_param SCRIPT_FILENAME $document_root$fastcgi_script_name;
                    fastcgi_param PATH_INFO $fastcgi_path_info;
                    fastcgi_index index.php;
                    fastcgi_pass %s;
                    %s
                }
            }
            """;

    @TempDir
    private Path www;
    @TempDir
    private Path etc;
    private int port;

    /// php-fpm reads the files as another user.
    @BeforeEach
    void makeTheRootReadable() throws IOException {
        port = SelvageProcess.freePort();
        Files.setPosixFilePermissions(www, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.writeString(www.resolve("site.css"), "body { color: teal }\n");
    }

    private SelvageProcess start(String server) throws IOException, InterruptedException {
        return SelvageProcess.start(etc, "events { }\nhttp {\n" + server + "}\n");
    }

    @Test
    void phpOverTcp() throws Exception {
        try (var php = Application.phpFpm(www, "127.0.0.1:" + SelvageProcess.freePort());
             var server = start(PHP.formatted(port, www, php.address(), ""))) {
            assertPhpAnswers();
            assertEquals("the application", RawHttp.get(port, "/index.php?error=1").head().value("X-Powered-By"));
            server.server().awaitLines(1, "FastCGI sent in stderr: \"PHP message: asked for an error\" while reading response"
                    + " header from upstream, client: 127.0.0.1");
            assertEquals(503, RawHttp.get(port, "/?status=503").status());
        }
    }

    @Test
    void phpOverAUnixSocketWithKeptConnections() throws Exception {
        try (var php = Application.phpFpm(www, www.resolve("php.sock").toString());
             var _ = start(PHP.formatted(port, www, php.address(), "fastcgi_keep_conn on;"))) {
            assertPhpAnswers();
            Set<String> workers = new HashSet<>();
            try (var http = new RawHttp(port)) {
                for (int i = 0; i < 10; i++) {
                    workers.add(Echo.of(http.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").answer()).get("pid"));
                }
            }
            assertEquals(1, workers.size());
        }
    }

    private void assertPhpAnswers() throws IOException {
        assertEquals("body { color: teal }\n", RawHttp.get(port, "/site.css").body());
        Echo page = Echo.of(RawHttp.get(port, "/shop/cart?item=a%20b"));
        assertEquals("/index.php", page.get("script"));
        assertEquals("item=a%20b", page.get("query"));
        Echo info = Echo.of(RawHttp.get(port, "/index.php/more/info"));
        assertEquals("/index.php", info.get("script"));
        assertEquals("/more/info", info.get("info"));
        Echo folder = Echo.of(RawHttp.get(port, "/"));
        assertEquals("/index.php", folder.get("script"));
        assertEquals("127.0.0.1", folder.get("remote_addr"));
        assertEquals(404, RawHttp.get(port, "/missing.php").status());
        assertEquals(LONG, RawHttp.get(port, "/index.php?download=" + LONG).body().length());
        assertBodiesArrive("/index.php");
    }

    private void assertBodiesArrive(String path) throws IOException {
        try (var http = new RawHttp(port)) {
            String head = "POST " + path + " HTTP/1.1\r\nHost: shop.example\r\n";
            Echo echo = Echo.of(http.send(head + "Content-Length: 5\r\n\r\nhello").answer());
            assertEquals("POST", echo.get("method"));
            assertEquals("shop.example", echo.get("host"));
            assertEquals(SHA256_OF_HELLO, echo.get("sha256"));
            echo = Echo.of(http.send(head + "Transfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n").answer());
            assertEquals(SHA256_OF_HELLO, echo.get("sha256"));
            String body = "x".repeat(500_000);
            echo = Echo.of(http.send(head + "Content-Length: 500000\r\n\r\n" + body).answer());
            assertEquals("500000", echo.get("length"));
        }
    }

    @Test
    void flaskOverScgi() throws Exception {
        try (var app = Application.scgi(www, "demo", "127.0.0.1:0");
             var _ = start("""
                     server {
                         listen %d;
                         location / {
                             include scgi_params;
                             scgi_param PATH_INFO $document_uri;
                             scgi_pass %s;
                         }
                     }
                     """.formatted(port, app.address()))) {
            Echo page = Echo.of(RawHttp.get(port, "/things/a%20b?q=1"));
            assertEquals("/things/a b", page.get("path"));
            assertEquals("q=1", page.get("query"));
            assertEquals("127.0.0.1", page.get("remote_addr"));
            assertEquals(LONG, RawHttp.get(port, "/download/" + LONG).body().length());
            assertBodiesArrive("/");
        }
    }
}
