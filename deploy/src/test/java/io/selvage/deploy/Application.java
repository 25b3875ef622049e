package io.selvage.deploy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/// The Flask application of the tests, or the PHP one, under a real application server, started from a real configuration file.
///
/// The servers bind port 0 and print the port. If they are not installed, the test is skipped, or fails with
/// `-Dselvage.real=required`.
final class Application implements AutoCloseable {
    private static final String PYTHON = "/usr/bin/python3";
    private static final String GUNICORN = "/usr/bin/gunicorn";
    private static final String UWSGI = "/usr/bin/uwsgi";
    private static final List<String> PHP_FPM = List.of("/usr/sbin/php-fpm8.2", "/usr/sbin/php-fpm8.3", "/usr/sbin/php-fpm8.4");

    /// Whether Python can do what it was asked for.
    private static final Map<String, Boolean> IMPORTS = new HashMap<>();

    private final Running server;
    private final String address;

    private Application(Running server, String address) {
        this.server = server;
        this.address = address;
    }

    /// @param name   the name that the application reports
    /// @param bind   `127.0.0.1:0` or `unix:/path`
    /// @param worker `sync` or `gevent`
    static Application gunicorn(Path folder, String name, String bind, String worker) throws IOException, InterruptedException {
        return gunicorn(folder, "run", bind, worker, Map.of("PEER", name), List.of());
    }

    /// As [#gunicorn(Path, String, String, String)], in TLS.
    static Application gunicornInTls(Path folder, String name, Path certificate, Path key)
            throws IOException, InterruptedException {
        return gunicorn(folder, "run", "127.0.0.1:0", "sync", Map.of("PEER", name),
                List.of("--certfile", certificate.toString(), "--keyfile", key.toString()));
    }

    /// Runs the application `recorder.py`, with two workers. A worker that keeps connections does so for a minute: one that was
    /// stopped would close those with a request that it has not read, because they were idle for too long.
    ///
    /// @param bind   `127.0.0.1:0`, or the address of the one before
    /// @param worker `sync` or `gthread`
    /// @param record the file that gets the number of each request, one a line
    static Application recorder(Path folder, String bind, String worker, Path record) throws IOException, InterruptedException {
        String threads = worker.equals("gthread") ? "4" : "1";
        return gunicorn(folder, "recorder", bind, worker, Map.of("RECORD", record.toString()),
                List.of("--threads", threads, "--keep-alive", "60", "--access-logfile", "/dev/null"));
    }

    private static Application gunicorn(Path folder, String module, String bind, String worker, Map<String, String> environment,
            List<String> options) throws IOException, InterruptedException {
        require(GUNICORN, "import flask, gevent");
        unpack(folder, module + ".py", Map.of());
        unpack(folder, "gconfig.py", Map.of("127.0.0.1:5000", bind, "'gevent'", "'" + worker + "'"));
        var command = new ArrayList<>(List.of(PYTHON, GUNICORN, "-c", "gconfig.py"));
        command.addAll(options);
        command.add(module + ":app");
        var server = new Running(folder, environment, "TERM", command);
        String address = server.awaitLines(1, "Listening at: (?:https?://)?(\\S+)").group(1);
        server.awaitLines(2, "Booting worker");
        return new Application(server, address);
    }

    /// @param socket `127.0.0.1:0` or the path of a unix socket
    static Application uwsgi(Path folder, String name, String socket) throws IOException, InterruptedException {
        return uwsgi(folder, name, "socket", socket);
    }

    /// As [#uwsgi(Path, String, String)], in TLS.
    static Application uwsgiInTls(Path folder, String name, Path certificate, Path key) throws IOException, InterruptedException {
        return uwsgi(folder, name, "suwsgi-socket", "127.0.0.1:" + SelvageProcess.freePort() + "," + certificate + "," + key);
    }

    /// As [#uwsgi(Path, String, String)], with SCGI.
    static Application scgi(Path folder, String name, String socket) throws IOException, InterruptedException {
        return uwsgi(folder, name, "scgi-socket", socket);
    }

    private static Application uwsgi(Path folder, String name, String protocol, String socket)
            throws IOException, InterruptedException {
        require(UWSGI, "import flask");
        unpack(folder, "run.py", Map.of());
        unpack(folder, "uwsgi.ini", Map.of("socket = 127.0.0.1:8001", protocol + " = " + socket,
                "/www/demo", folder.toString()));
        var server = new Running(folder, Map.of("PEER", name), "INT",
                List.of(UWSGI, "--plugin", "python3", "--ini", "uwsgi.ini"));
        String bound = server.awaitLines(1, "bound to (?:TCP|UNIX) address (\\S+)").group(1);
        server.awaitLines(1, "WSGI app 0 .* ready");
        server.awaitLines(4, "spawned uWSGI worker");
        return new Application(server, bound.startsWith("/") ? "unix:" + bound : bound);
    }

    /// PHP's `index.php`.
    ///
    /// @param listen `127.0.0.1:9000`, or the path of a unix socket
    static Application phpFpm(Path folder, String listen) throws IOException, InterruptedException {
        String program = PHP_FPM.stream().filter(path -> Files.isExecutable(Path.of(path))).findFirst()
                .orElse(PHP_FPM.getFirst());
        require(program, "");
        unpack(folder, "index.php", Map.of());
        unpack(folder, "php-fpm.conf", Map.of("127.0.0.1:9000", listen));
        var server = new Running(folder, Map.of(), "TERM", List.of(program, "-F", "-y", "php-fpm.conf"));
        server.awaitLines(1, "ready to handle connections");
        return new Application(server, listen.startsWith("/") ? "unix:" + listen : listen);
    }

    /// The address, as in a configuration: `127.0.0.1:40001` or `unix:/path`.
    String address() {
        return address;
    }

    /// The port of a TCP [#address()].
    int port() {
        return Integer.parseInt(address.substring(address.indexOf(':') + 1));
    }

    Running server() {
        return server;
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    static void require(String program, String imports) throws IOException, InterruptedException {
        boolean there = Files.isExecutable(Path.of(program)) && Files.isExecutable(Path.of(PYTHON)) && canImport(imports);
        String reason = program + " with what it needs is not installed (deploy/verify installs it)";
        if ("required".equals(System.getProperty("selvage.real"))) {
            assertEquals(true, there, reason);
        }
        assumeTrue(there, reason);
    }

    /// Asks Python once for each of the different imports.
    private static boolean canImport(String imports) throws IOException, InterruptedException {
        Boolean known = IMPORTS.get(imports);
        if (known == null) {
            known = new ProcessBuilder(PYTHON, "-c", imports).start().waitFor() == 0;
            IMPORTS.put(imports, known);
        }
        return known;
    }

    static void unpack(Path folder, String name, Map<String, String> replaced) throws IOException {
        try (InputStream file = Application.class.getResourceAsStream("app/" + name)) {
            String text = new String(file.readAllBytes());
            for (var pair : replaced.entrySet()) {
                text = text.replace(pair.getKey(), pair.getValue());
            }
            Files.writeString(folder.resolve(name), text);
        }
    }
}
