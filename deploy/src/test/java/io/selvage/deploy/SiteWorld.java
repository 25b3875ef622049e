package io.selvage.deploy;

import io.selvage.server.tls.SelfSignedCertificate;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/// What the configurations of the comparison refer to: files, application servers, and nginx's own files. The text of a
/// configuration is used as it stands, except for addresses and paths, which lead into the folder of the test.
final class SiteWorld {
    private static final Instant MODIFIED = Instant.parse("2024-03-01T10:20:30Z");
    private static final Path ETC = Path.of("/etc/nginx");
    private static final List<String> OF_NGINX = List.of("mime.types", "proxy_params", "fastcgi_params", "fastcgi.conf",
            "uwsgi_params", "scgi_params", "snippets/fastcgi-php.conf");
    private static final String TEXT = "Some text that is long enough to be compressed. ";
    private static final String CREDENTIALS = "admin:{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=\n";

    private final Path folder;
    private final Deque<AutoCloseable> started;
    private final String application;

    /// Writes the files and starts the application servers.
    ///
    /// @param started receives each server as it starts
    SiteWorld(Path folder, Deque<AutoCloseable> started) throws IOException, InterruptedException {
        this.folder = folder;
        this.started = started;
        writeFiles();
        writeLetsEncrypt();
        this.application = startGunicorn();
        startUwsgi();
        startPhp();
    }

    /// The site of a configuration, for a server that listens on the port and has its own files in `home`.
    ///
    /// @param tlsPort in the place of 443
    String adapted(String configuration, Path home, int port, int tlsPort) {
        return configuration
                .replaceAll("listen 443\\b", "listen 127.0.0.1:" + tlsPort)
                .replaceAll("listen \\[::\\]:443\\b", "listen [::1]:" + tlsPort)
                .replace("/etc/letsencrypt/", folder + "/letsencrypt/")
                .replaceAll("listen 80\\b", "listen 127.0.0.1:" + port)
                .replaceAll("listen \\[::\\]:80\\b", "listen [::1]:" + port)
                .replaceAll("\\b(?:127\\.0\\.0\\.1|localhost):(?:8000|8080|5000|3000)\\b", application)
                .replace("127.0.0.1:3031", "unix:" + folder + "/run/uwsgi.sock")
                .replace("/run/php/", folder + "/run/")
                .replace("unix:/run/", "unix:" + folder + "/run/")
                .replace("/var/www", folder + "/www")
                .replace("/usr/share/nginx/html", folder + "/www/html")
                .replace("/etc/nginx/", home + "/")
                .replace("/var/log/nginx/", home + "/");
    }

    /// Copies nginx's own files to the folder of a server.
    static void copyOwnFiles(Path home) throws IOException {
        for (String name : OF_NGINX) {
            Files.createDirectories(home.resolve(name).getParent());
            Files.copy(ETC.resolve(name), home.resolve(name), StandardCopyOption.REPLACE_EXISTING);
        }
        Files.writeString(home.resolve(".htpasswd"), CREDENTIALS);
    }

    private void writeFiles() throws IOException {
        Files.createDirectories(folder.resolve("run"));
        write("html/index.html", "<html><head><title>Welcome</title></head><body>Welcome</body></html>\n");
        write("html/404.html", "not here\n");
        write("html/50x.html", "out of order\n");
        write("html/500.html", "broken\n");
        write("html/app.css", TEXT.repeat(100));
        write("html/empty.txt", "");
        write("html/dir/index.html", "index of a folder\n");
        write("html/userContent/readme", "read me\n");
        write("html/ssi.shtml", "<p><!--# set var=\"n\" value=\"ada\" --><!--# echo var=\"n\" -->"
                + "<!--# if expr=\"$arg_who\" --> and <!--# echo var=\"arg_who\" --><!--# endif -->"
                + " <!--# include virtual=\"/404.html\" --></p>\n");
        write("app/static/app.css", TEXT.repeat(200));
        write("app/static/app.js", "var text = '" + TEXT.repeat(50) + "';\n");
        write("app/static/tiny.css", "a{}\n");
        write("app/static/logo.svg", "<svg>" + TEXT.repeat(20) + "</svg>\n");
        write("app/static/photo.png", "not really a photo " + TEXT.repeat(20));
        write("app/static/favicon.ico", "icon");
        write("app/static/robots.txt", "User-agent: *\n");
        write("app/static/js/main.js", "main();\n");
        write("app/media/photo.png", "a photo\n");
        write("app/media/doc.pdf", "0123456789");
        write("spa/index.html", "<div id=app></div>\n");
        write("spa/js/main.js", "spa();\n");
        write("spa/manifest.json", "{}\n");
        write("spa/de/index.html", "Hallo\n");
        write("spa/en/index.html", "Hello\n");
        write("rails/public/500.html", "rails is broken\n");
        write("rails/public/assets/app.css", TEXT.repeat(30));
        gzip("rails/public/assets/app.css");
        write("wordpress/wp-content/theme.css", "theme\n");
        write("wordpress/wp-content/uploads/evil.php", "evil\n");
        write("letsencrypt/.well-known/acme-challenge/token", "token.thumbprint\n");
        write("files/a.txt", "a\n");
        write("files/b file.txt", "b\n");
        write("files/folder/c", "c\n");
        write("types/index.html", "<p>types</p>\n");
        write("types/app.css", "p{}\n");
        write("types/unknown.xyz", "?\n");
        write("types/data.webmanifest", "{}\n");
        write("types/plain.txt", "plain\n");
        write("users/alice/index.html", "site of alice\n");
        write("users/bob/page.html", "bob\n");
        write("php/app.css", "php\n");
        write("php/core/app.css", "core\n");
        write("php/.htaccess", "secret\n");
        String script = resource("sites.php");
        for (String name : List.of("php/index.php", "php/info.php", "php/other.php", "php/remote.php", "wordpress/index.php",
                "wordpress/wp-login.php", "wordpress/wp-admin/index.php")) {
            write(name, script);
        }
    }

    private void write(String name, String content) throws IOException {
        Path file = folder.resolve("www").resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
        Files.setLastModifiedTime(file, FileTime.from(MODIFIED));
    }

    /// What certbot writes: a certificate, and files with its recommendations.
    private void writeLetsEncrypt() throws IOException {
        Path live = Files.createDirectories(folder.resolve("letsencrypt/live/example.com"));
        var certificate = SelfSignedCertificate.of(List.of("example.com", "*.example.com"), Instant.now(), Duration.ofDays(90));
        Files.writeString(live.resolve("fullchain.pem"), certificate.certificatePem());
        Files.writeString(live.resolve("chain.pem"), certificate.certificatePem());
        Files.writeString(live.resolve("privkey.pem"), certificate.keyPem());
        Files.writeString(folder.resolve("letsencrypt/options-ssl-nginx.conf"), """
                # Sessions for a day in a cache of the server, not in tickets
                ssl_session_cache shared:le_nginx_SSL:10m;
                ssl_session_timeout 1440m;
                ssl_session_tickets off;
                # Mozilla's intermediate list, in the client's order
                ssl_protocols TLSv1.2 TLSv1.3;
                ssl_prefer_server_ciphers off;
                ssl_ciphers "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:\
                ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305:\
                DHE-RSA-AES128-GCM-SHA256:DHE-RSA-AES256-GCM-SHA384";
                """);
        Files.writeString(folder.resolve("letsencrypt/ssl-dhparams.pem"), """
                -----BEGIN DH PARAMETERS-----
                MIIBCAKCAQEA//////////+t+FRYortKmq/cViAnPTzx2LnFg84tNpWp4TZBFGQz
                +8yTnc4kmz75fS/jY2MMddj2gbICrsRhetPfHtXV/WVhJDP1H18GbtCFY2VVPe0a
                87VXE15/V8k1mE8McODmi3fipona8+/och3xWKE2rec1MKzKT0g6eXq8CrGCsyT7
                YdEIqUuyyOP7uWrat2DX9GgdT0Kj3jlN9K5W7edjcrsZCwenyO4KbXCeAvzhzffi
                7MA0BM0oNC9hkXL+nOmFg/+OTxIy7vKBg8P+OxtMb61zO7X8vC7CIAXFjvGDfRaD
                ssbzSibBsu/6iGtCOGEoXJf//////////wIBAg==
                -----END DH PARAMETERS-----
                """);
    }

    private void gzip(String name) throws IOException {
        Path file = folder.resolve("www").resolve(name);
        Path zipped = file.resolveSibling(file.getFileName() + ".gz");
        try (var output = new GZIPOutputStream(Files.newOutputStream(zipped))) {
            Files.copy(file, output);
        }
        Files.setLastModifiedTime(zipped, FileTime.from(MODIFIED));
    }

    private static String resource(String name) throws IOException {
        try (InputStream file = SiteWorld.class.getResourceAsStream("app/" + name)) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private Running start(String stopSignal, String... command) throws IOException {
        var server = new Running(folder, Map.of(), stopSignal, List.of(command));
        started.push(server);
        return server;
    }

    /// @return the address on which it listens besides its socket
    private String startGunicorn() throws IOException, InterruptedException {
        Application.require("/usr/bin/gunicorn", "import gunicorn");
        Application.unpack(folder, "sites.py", Map.of());
        Running gunicorn = start("TERM", "/usr/bin/gunicorn", "-b", "127.0.0.1:0", "-b", "unix:run/gunicorn.sock", "-w", "1",
                "--forwarded-allow-ips=*", "sites:app");
        String address = gunicorn.awaitLines(1, "Listening at: http://([0-9.:]+)").group(1);
        gunicorn.awaitLines(1, "Booting worker");
        return address;
    }

    private void startUwsgi() throws IOException, InterruptedException {
        Application.require("/usr/bin/uwsgi", "import wsgiref");
        Running uwsgi = start("INT", "/usr/bin/uwsgi", "--plugin", "python3", "--uwsgi-socket", "run/uwsgi.sock",
                "--scgi-socket", "run/scgi.sock", "--wsgi-file", "sites.py", "--callable", "app", "--die-on-term");
        uwsgi.awaitLines(1, "spawned uWSGI worker");
    }

    private void startPhp() throws IOException, InterruptedException {
        String program = php();
        Application.require(program, "");
        Files.writeString(folder.resolve("php.conf"), """
                [global]
                error_log = /dev/stderr
                [www]
                listen = %1$s/run/php-fpm.sock
                user = %2$s
                pm = static
                pm.max_children = 1
                """.formatted(folder, System.getProperty("user.name")));
        Running php = start("TERM", program, "-F", "-R", "-y", folder.resolve("php.conf").toString());
        php.awaitLines(1, "ready to handle connections");
    }

    private static String php() throws IOException {
        try (var programs = Files.newDirectoryStream(Path.of("/usr/sbin"), "php-fpm*")) {
            for (Path program : programs) {
                return program.toString();
            }
        }
        return "/usr/sbin/php-fpm";
    }
}
