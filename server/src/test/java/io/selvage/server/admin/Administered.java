package io.selvage.server.admin;

import io.selvage.server.config.Config;
import io.selvage.server.config.ConfigProblems;
import io.selvage.server.config.Language;
import io.selvage.server.config.Problem;
import io.selvage.server.module.Modules;
import io.selvage.server.net.Ios;
import io.selvage.server.whole.TestServer;
import io.selvage.server.wiring.Server;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.StringReader;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/// A server with its admin API, for the tests of this package. The configuration that a reload reads is a text that tests change.
final class Administered implements AutoCloseable {
    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final BlockingQueue<String> log = new LinkedBlockingQueue<>();
    private final TestServer server;
    private final AdminServer admin;
    private volatile String text;
    private volatile Optional<Server> running;

    private Administered(String text, boolean started) throws Exception {
        this.text = text;
        this.server = TestServer.main(Ios.usual(), text);
        this.running = started ? Optional.of(server.server()) : Optional.empty();
        this.admin = AdminServer.start(parse(text), new Control(), (severity, line) -> log.add(severity + ": " + line));
    }

    /// @param http the content of `http`
    static Administered http(String http) throws Exception {
        return main("admin 127.0.0.1:0; events { } http { access_log off; " + http + " }");
    }

    /// @param text a complete main configuration
    static Administered main(String text) throws Exception {
        return new Administered(text, true);
    }

    /// One whose server has not started yet.
    static Administered starting() throws Exception {
        return new Administered("admin 127.0.0.1:0; events { } http { access_log off; server { listen 127.0.0.1:0; } }", false);
    }

    private final class Control implements ServerControl {
        @Override
        public Optional<Server> server() {
            return running;
        }

        @Override
        public Language.Loaded loaded() {
            return new Language.Loaded(server.server().config(), List.of(), List.of());
        }

        @Override
        public List<Problem> reload() throws ConfigProblems, IOException {
            Config next = parse(text);
            AdminServer.Change change = admin.prepare(next);
            try {
                server.server().reload(next);
            } catch (IOException e) {
                change.cancel();
                throw e;
            }
            change.commit();
            return List.of();
        }
    }

    private static Config parse(String text) throws ConfigProblems {
        return Modules.LANGUAGE.parse(text);
    }

    /// Reloads as by a signal.
    void reload() throws Exception {
        new Control().reload();
    }

    /// What the next reload reads.
    void text(String next) {
        text = next;
    }

    TestServer server() {
        return server;
    }

    AdminServer admin() {
        return admin;
    }

    /// The lines that were logged.
    BlockingQueue<String> log() {
        return log;
    }

    int port() {
        return ((InetSocketAddress) admin.address().orElseThrow()).getPort();
    }

    URI uri(String target) {
        return URI.create("http://127.0.0.1:" + port() + target);
    }

    HttpResponse<String> get(String target) throws Exception {
        return client.send(HttpRequest.newBuilder(uri(target)).build(), BodyHandlers.ofString());
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), BodyHandlers.ofString());
    }

    /// @param body JSON; null for none
    HttpResponse<String> send(String method, String target, String body) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(target));
        if (body == null) {
            return send(request.method(method, HttpRequest.BodyPublishers.noBody()));
        }
        return send(request.header("Content-Type", "application/json").method(method, HttpRequest.BodyPublishers.ofString(body)));
    }

    HttpResponse<String> patch(String target, String body) throws Exception {
        return send("PATCH", target, body);
    }

    JsonObject document(String target) throws Exception {
        return json(get(target).body());
    }

    static JsonObject json(String text) {
        return Json.createReader(new StringReader(text)).readObject();
    }

    @Override
    public void close() throws IOException {
        admin.close();
        server.close();
        client.close();
    }
}
