package io.selvage.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

/// The three ways in which tutorials put a front server before a Flask application. Only ports and folders are replaced.
class TutorialIT {
    private static final String UWSGI_TCP = """
            server {
                    listen 80;
                    root /www/demo;
                    server_name xxx.xx.xxx.xxx;
                    location / {
                        proxy_set_header x-Real-IP $remote_addr;
                        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
                        proxy_set_header Host $http_host;
                        include uwsgi_params;
                        uwsgi_pass localhost:8001;
                    }
                    location ~ ^\\/static\\/.*$ {
                        root /www/demo;
                    }
            }
            """;
    private static final String UWSGI_UNIX = UWSGI_TCP.replace("localhost:8001", "unix:/www/demo/socket/nginx_uwsgi.socket");
    private static final String GUNICORN = UWSGI_TCP.replaceAll(" *include uwsgi_params;\n", "")
            .replace("uwsgi_pass localhost:8001;", "proxy_pass http://localhost:5000/;");

    @TempDir
    private Path www;
    @TempDir
    private Path etc;
    private int port;

    /// The place of the tutorial's text.
    enum Layout {
        BARE_SITE, INSIDE_HTTP
    }

    @BeforeEach
    void fillTheRoot() throws IOException {
        port = SelvageProcess.freePort();
        Files.createDirectories(www.resolve("static"));
        Files.writeString(www.resolve("static/site.css"), "body { color: teal }\n");
    }

    @ParameterizedTest
    @EnumSource(Layout.class)
    void uwsgiOverTcp(Layout layout) throws Exception {
        try (var app = Application.uwsgi(www, "demo", "127.0.0.1:0");
                var _ = start(layout, UWSGI_TCP.replace("8001", Integer.toString(app.port())))) {
            assertTheApplicationAnswers();
            assertFilesDoNotReach(app);
        }
    }

    @ParameterizedTest
    @EnumSource(Layout.class)
    void uwsgiOverAUnixSocket(Layout layout) throws Exception {
        Path socket = Files.createDirectories(www.resolve("socket")).resolve("nginx_uwsgi.socket");
        try (var app = Application.uwsgi(www, "demo", socket.toString());
                var _ = start(layout, UWSGI_UNIX)) {
            assertTheApplicationAnswers();
            assertFilesDoNotReach(app);
        }
    }

    @ParameterizedTest
    @EnumSource(Layout.class)
    void gunicornOverHttp(Layout layout) throws Exception {
        try (var app = Application.gunicorn(www, "demo", "127.0.0.1:0", "gevent");
                var _ = start(layout, GUNICORN.replace("5000", Integer.toString(app.port())))) {
            Echo echo = assertTheApplicationAnswers();
            assertEquals("shop.example:8080", echo.get("host"));
            assertEquals("127.0.0.1", echo.get("x-real-ip"));
            assertEquals("192.0.2.7, 127.0.0.1", echo.get("x-forwarded-for"));
            assertFilesDoNotReach(app);
        }
    }

    private SelvageProcess start(Layout layout, String tutorial) throws IOException, InterruptedException {
        Path site = Files.createDirectories(etc.resolve("sites-enabled")).resolve("demo");
        Files.writeString(site, tutorial.replace("listen 80;", "listen " + port + ";").replace("/www/demo", www.toString()));
        Files.writeString(etc.resolve("nginx.conf"), """
                events {
                }
                http {
                    include sites-enabled/*;
                }
                """);
        Path configuration = switch (layout) {
            case BARE_SITE -> Path.of("sites-enabled/demo");
            case INSIDE_HTTP -> Path.of("nginx.conf");
        };
        return SelvageProcess.start(etc, configuration, List.of());
    }

    private Echo assertTheApplicationAnswers() throws IOException {
        try (var http = new RawHttp(port)) {
            Echo echo = Echo.of(http.send("""
                    PUT /things/a%20b?q=1&r=%2F HTTP/1.1\r
                    Host: shop.example:8080\r
                    X-Forwarded-For: 192.0.2.7\r
                    Content-Length: 5\r
                    \r
                    hello""").answer());
            assertEquals("PUT", echo.get("method"));
            assertEquals("/things/a b", echo.get("path"));
            assertEquals("q=1&r=%2F", echo.get("query"));
            assertEquals("shop.example", echo.get("host").replace(":8080", ""));             // uwsgi takes the port off
            assertEquals("127.0.0.1", echo.get("remote_addr"));
            assertEquals("5", echo.get("length"));
            assertEquals("2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824", echo.get("sha256"));
            return echo;
        }
    }

    private void assertFilesDoNotReach(Application application) throws IOException {
        assertEquals("body { color: teal }\n", RawHttp.get(port, "/static/site.css").body());
        assertEquals(404, RawHttp.get(port, "/static/missing.css").status());
        assertEquals("/last", Echo.of(RawHttp.get(port, "/last")).get("path"));
        assertFalse(application.server().lines().stream().anyMatch(line -> line.contains("/static/")));
    }
}
