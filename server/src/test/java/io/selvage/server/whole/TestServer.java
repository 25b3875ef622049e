package io.selvage.server.whole;

import io.selvage.server.config.Config;
import io.selvage.server.config.ConfigProblems;
import io.selvage.server.config.Machine;
import io.selvage.server.module.Modules;
import io.selvage.server.net.ByteText;
import io.selvage.server.net.Io;
import io.selvage.server.observe.LogFiles;
import io.selvage.server.proxy.Origin;
import io.selvage.server.wiring.Server;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/// A server with its own folder, which is the prefix of its configuration. There, `access.log` contains the request line, the
/// status and the bytes of each exchange, and `error.log` everything from level `info`, unless the configuration sets other logs.
public final class TestServer implements AutoCloseable {
    private static final String AROUND = """
            log_format line '$request|$status';
            access_log access.log line;
            """;

    private static final int TRIES = 20;

    private final Path folder;
    private final Server server;
    private boolean stopped;

    private TestServer(Path folder, Io io, Config config) throws IOException {
        this.folder = folder;
        this.server = Server.start(config, io, new LogFiles(Optional.of(folder.resolve("first.log"))), () -> { });
    }

    /// @param text the content of `http`
    /// @param files for the folder: a name, its content, a name, its content, ...
    public static TestServer nginx(Io io, String text, String... files) throws IOException {
        return main(io, AROUND + text, files);
    }

    /// @param text a complete main configuration
    public static TestServer main(Io io, String text, String... files) throws IOException {
        Path folder = Files.createTempDirectory("whole").toRealPath();
        boolean started = false;
        try {
            write(folder, files);
            var server = new TestServer(folder, io, read(folder, text));
            started = true;
            return server;
        } finally {
            if (!started) {
                delete(folder);
            }
        }
    }

    private static void write(Path folder, String... files) throws IOException {
        for (int i = 0; i < files.length; i += 2) {
            Path file = folder.resolve(ByteText.path(ByteText.encode(files[i])));
            Files.createDirectories(file.getParent());
            Files.writeString(file, files[i + 1], ISO_8859_1);
        }
    }

    /// A proxy that keeps its connections to the peers.
    ///
    /// @param peers the content of `upstream`
    /// @param more additional content of `server`
    public static TestServer inFrontOf(Io io, String peers, String... more) throws IOException {
        return nginx(io, """
                upstream app { %s keepalive 4; }
                server {
                    listen 127.0.0.1:0;
                    proxy_http_version 1.1;
                    proxy_set_header Connection "";
                    %s
                    location / { proxy_pass http://app; }
                }
                """.formatted(peers, String.join("\n", more)));
    }

    public static TestServer inFrontOf(Io io, Origin origin, String... more) throws IOException {
        return inFrontOf(io, "server " + origin.address() + " max_fails=0;", more);
    }

    private static Config read(Path folder, String text) throws IOException {
        Path file = folder.resolve("test.conf");
        Files.writeString(file, text);
        try {
            return Modules.LANGUAGE.load(file, folder, "error_log error.log info;", Machine.ANY).config();
        } catch (ConfigProblems problems) {
            throw new IOException(problems);
        }
    }

    public void reload(String text) throws IOException {
        server.reload(read(folder, AROUND + text));
    }

    /// @param text a complete main configuration
    public void reloadMain(String text) throws IOException {
        server.reload(read(folder, text));
    }

    public Server server() {
        return server;
    }

    public Path folder() {
        return folder;
    }

    /// The listening address. There must be exactly one.
    public InetSocketAddress address() {
        return address("127.0.0.1");
    }

    public InetSocketAddress address(String ip) {
        return server.addresses().stream().map(InetSocketAddress.class::cast)
                .filter(address -> address.getAddress().getHostAddress().equals(ip)).findFirst().orElseThrow();
    }

    public RawClient connect() throws IOException {
        return new RawClient(address());
    }

    /// Sends bytes on a new connection and reads to its end.
    public String ask(String bytes) throws IOException {
        try (RawClient client = connect()) {
            client.send(bytes);
            return client.readToEnd();
        }
    }

    /// As [#ask], where a timeout runs from the start of the connection. A client that is late, because it got no processor,
    /// finds a closed connection and connects again.
    public String askInTime(String bytes) throws IOException {
        String answer = "";
        for (int i = 0; i < TRIES && answer.isEmpty(); i++) {
            try {
                answer = ask(bytes);
            } catch (SocketException _) {
                // It was closed while the bytes were sent.
            }
        }
        return answer;
    }

    /// The answer to a GET on a new connection.
    public String get(String target) throws IOException {
        return ask("GET " + target + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    }

    public boolean stop(Duration grace) {
        stopped = true;
        return server.stop(grace);
    }

    /// All lines of the access log. Stops the server, because only then is the log complete.
    public List<String> accessLog() throws IOException {
        return log("access.log");
    }

    /// The messages of the error log, without their prefixes. Stops the server.
    public List<String> errorLog() throws IOException {
        return log("error.log").stream().map(line -> line.replaceFirst("^[^\\[]*", "").replaceFirst(" \\d+#\\d+:", "")).toList();
    }

    /// All lines of a log file. Stops the server, because only then is the log complete.
    public List<String> log(String name) throws IOException {
        if (!stopped) {
            stop(Duration.ofSeconds(50));
        }
        return lines(name);
    }

    public List<String> lines(String name) throws IOException {
        return Files.readAllLines(folder.resolve(name), ISO_8859_1);
    }

    /// Waits until a file of the folder has this many lines.
    public List<String> awaitLines(String name, int count) throws IOException, InterruptedException {
        return awaitLines(name, lines -> lines.size() >= count);
    }

    /// Waits until a line of the error log contains this text.
    public void awaitLogged(String part) throws IOException, InterruptedException {
        awaitLines("error.log", lines -> lines.stream().anyMatch(line -> line.contains(part)));
    }

    private List<String> awaitLines(String name, Predicate<List<String>> enough) throws IOException, InterruptedException {
        try (WatchService watch = folder.getFileSystem().newWatchService()) {
            folder.register(watch, StandardWatchEventKinds.ENTRY_MODIFY, StandardWatchEventKinds.ENTRY_CREATE);
            List<String> lines = writtenLines(name);
            while (!enough.test(lines)) {
                var key = watch.poll(50, TimeUnit.SECONDS);
                if (key == null) {
                    throw new AssertionError(name + " has only " + lines);
                }
                key.pollEvents();
                key.reset();
                lines = writtenLines(name);
            }
            return lines;
        }
    }

    /// The lines that are completely in the file by now.
    private List<String> writtenLines(String name) throws IOException {
        Path file = folder.resolve(name);
        String text = Files.exists(file) ? Files.readString(file, ISO_8859_1) : "";
        return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
    }

    @Override
    public void close() throws IOException {
        if (!stopped) {
            stop(Duration.ZERO);
        }
        delete(folder);
    }

    private static void delete(Path folder) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path empty, IOException failed) throws IOException {
                Files.delete(empty);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
