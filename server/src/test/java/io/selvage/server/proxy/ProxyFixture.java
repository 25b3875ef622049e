package io.selvage.server.proxy;

import io.selvage.loadbalancer.KeepAlive;
import io.selvage.loadbalancer.PeerSpec;
import io.selvage.loadbalancer.PeerStates;
import io.selvage.loadbalancer.Policy;
import io.selvage.loadbalancer.UpstreamSpec;
import io.selvage.server.http.Answer;
import io.selvage.server.http.Body;
import io.selvage.server.http.BodySource;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Failure;
import io.selvage.server.http.Headers;
import io.selvage.server.http.RequestBody;
import io.selvage.server.http.ResponseHead;
import io.selvage.server.http.Sent;
import io.selvage.server.http.Status;
import io.selvage.server.http.Version;
import io.selvage.server.http1.ConnectionStream;
import io.selvage.server.net.Connection;
import io.selvage.server.net.Io;
import io.selvage.server.net.ServedConnection;
import io.selvage.server.observe.ErrorLog;
import io.selvage.server.observe.LogFile;
import io.selvage.server.observe.LogTime;
import io.selvage.server.observe.Severity;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.UnaryOperator;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/// A proxy in front of some peers, with a client. Its error log is recorded, with letters in the place of the peers' addresses,
/// in the order in which they were given.
final class ProxyFixture implements AutoCloseable {
    static final Duration LONG = Duration.ofSeconds(50);
    /// A timeout for a peer that sends nothing.
    static final Duration SHORT = Duration.ofMillis(200);
    /// A timeout for a peer that sends something at once, and then nothing.
    static final Duration MODERATE = Duration.ofSeconds(2);

    /// The client's fields and none besides.
    static final RequestFields CLIENT_FIELDS =
            new RequestFields(List.of(), true, LoopDetection.NONE, UpgradeProtocols.DEFAULT);

    final FakeClient client = new FakeClient();
    final PeerGroup group;

    final Browser browser;

    private final Io io;
    private final Path logPath;
    private final LogFile logFile;
    private final List<String> failures = new CopyOnWriteArrayList<>();
    private final List<String> peers;
    private final ProxyOptionsBuilder options = new ProxyOptionsBuilder();
    private UpstreamProtocol protocol = http1(CLIENT_FIELDS);
    private UriRewrite target = new UriRewrite.AsItCame();
    private ProxyUrl url = ProxyUrl.parse("http://app");
    private Optional<PeerTls> tls = Optional.empty();

    private ProxyFixture(Io io, List<String> peers) throws IOException {
        this.io = io;
        this.peers = peers;
        browser = new Browser(io);
        logPath = Files.createTempFile("error", ".log");
        logFile = LogFile.of(logPath, _ -> { });
        List<PeerSpec> specs = peers.stream().map(address -> PeerSpec.of(address).withMaxFails(0)).toList();
        group = new PeerGroup(new UpstreamSpec("app", specs, new Policy.RoundRobin()), _ -> new byte[0], KeepAlive.of(8),
                new PeerStates(), io);
    }

    static ProxyFixture to(Io io, String... addresses) throws IOException {
        return new ProxyFixture(io, List.of(addresses));
    }

    static ProxyFixture to(Io io, Origin... origins) throws IOException {
        return to(io, Arrays.stream(origins).map(Origin::address).toArray(String[]::new));
    }

    /// HTTP/1.1 with the client's method.
    static Http1Protocol http1(RequestFields fields) {
        return new Http1Protocol(fields, exchange -> exchange.routing().method().name(), Version.HTTP_1_1);
    }

    ProxyFixture options(UnaryOperator<ProxyOptionsBuilder> change) {
        change.apply(options);
        return this;
    }

    ProxyFixture protocol(UpstreamProtocol other) {
        protocol = other;
        return this;
    }

    /// The peers speak TLS, and the URL of the location names this host.
    ProxyFixture tls(PeerTls settings, String host) {
        tls = Optional.of(settings);
        url = ProxyUrl.parse("https://" + host);
        return this;
    }

    /// The answer as the handler gives it.
    Answer answer(Exchange exchange) throws Exception {
        return serving(() -> handled(exchange));
    }

    /// The rest of a body.
    String read(Body body) throws Exception {
        return serving(() -> sent(body));
    }

    /// Closes a body.
    void abandon(Body body) throws Exception {
        serving(() -> {
            body.close();
            return body;
        });
    }

    /// Runs an action on the carrier of the client's connection.
    <T> T serving(Callable<T> what) throws Exception {
        try {
            return begin(what).get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    <T> FutureTask<T> begin(Callable<T> what) {
        return browser.served.start(what);
    }

    private Answer handled(Exchange exchange) throws Failure {
        TargetSelector plain = TargetSelector.of(new ProxyTarget(group, url, target));
        TargetSelector destination = tls.map(settings -> settings.secure(plain)).orElse(plain);
        ErrorLog errors = new ErrorLog(Severity.INFO, List.of(logFile), LogTime.system());
        return new ProxyHandler(destination, protocol, options.build(), errors).handle(exchange);
    }

    /// The status and the body that a client gets, such as `200 hello`; `200 hel [cut: UPSTREAM CLOSED]` for a truncated one.
    String result(Exchange exchange) throws Exception {
        return serving(() -> resultHere(exchange));
    }

    private String resultHere(Exchange exchange) {
        try {
            return switch (handled(exchange)) {
                case Answer.Reply(ResponseHead head, Body body) -> head.status().code() + " " + sent(body);
                case Answer.StatusOnly(var status, _) -> status.code() + " bare";
                case Answer.Upgraded(ResponseHead head, var tunnel) -> {
                    tunnel.close();
                    yield head.status().code() + " upgraded";
                }
                case Answer other -> other.toString();
            };
        } catch (Failure failure) {
            failures.add(failure.detail());
            return failure.status().code() + " failed";
        } finally {
            exchange.finish(new Sent(new ResponseHead(Status.OK, Headers.EMPTY), 0, 0, true));
        }
    }

    String get(String path, String... fields) throws Exception {
        return result(client.asks("GET", path, fields));
    }

    String post(RequestBody body) throws Exception {
        return result(client.sends(body, "POST", "/"));
    }

    /// The lines of the error log, then the failures that the handler threw. Closes the log.
    List<String> log() throws IOException {
        logFile.close();
        List<String> lines = new ArrayList<>();
        for (String line : Files.readAllLines(logPath)) {
            lines.add(lettered(line.replaceFirst("^.*: \\*1 (.*), client: .*, upstream: \"([^\"]*)\".*$", "$2: $1")));
        }
        lines.addAll(failures);
        return lines;
    }

    /// The peers that were tried, as `a 502, b 200`.
    String attempts(Exchange exchange) {
        List<String> tried = new ArrayList<>();
        exchange.upstream().attempts().forEach(attempt -> tried.add(lettered(attempt.peer().address()) + " "
                + attempt.status().code()));
        return String.join(", ", tried);
    }

    private static String sent(Body body) {
        try (body) {
            return switch (body) {
                case Body.Stream(BodySource source) -> read(source);
                case Body.None() -> "";
                case Body other -> other.toString();
            };
        }
    }

    private static String read(BodySource source) {
        StringBuilder text = new StringBuilder();
        ByteBuffer piece = ByteBuffer.allocate(1000);
        try {
            while (source.read(piece) >= 0) {
                text.append(ISO_8859_1.decode(piece.flip()));
                piece.clear();
            }
            return text.toString();
        } catch (Failure failure) {
            return text + " [cut: " + failure.where() + " " + failure.what() + "]";
        }
    }

    private String lettered(String text) {
        String result = text;
        for (int i = 0; i < peers.size(); i++) {
            result = result.replace(peers.get(i), String.valueOf((char) ('a' + i)));
        }
        return result;
    }

    @Override
    public void close() throws IOException {
        group.close();
        browser.close();
        logFile.close();
        Files.delete(logPath);
    }

    /// Both ends of the client's connection: the proxy has the one, the test the other.
    static final class Browser implements AutoCloseable {
        private final ServedConnection served;
        private final Connection inner;
        private final SocketChannel outer;

        private Browser(Io io) throws IOException {
            try (ServerSocketChannel listening = ServerSocketChannel.open()) {
                listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                outer = SocketChannel.open(listening.getLocalAddress());
                served = new ServedConnection(io, listening.accept());
                inner = served.connection();
            } catch (Exception e) {
                throw new IOException(e);
            }
        }

        void send(String bytes) throws IOException {
            outer.write(ByteBuffer.wrap(bytes.getBytes(ISO_8859_1)));
        }

        void endOutput() throws IOException {
            outer.shutdownOutput();
        }

        String read(int count) throws IOException {
            ByteBuffer in = ByteBuffer.allocate(count);
            int read = 0;
            while (in.hasRemaining() && read >= 0) {
                read = outer.read(in);
            }
            return ISO_8859_1.decode(in.flip()).toString();
        }

        String readToEnd() throws IOException {
            return read(10_000);
        }

        @Override
        public void close() throws IOException {
            inner.close();
            outer.close();
        }
    }

    /// Runs a tunnel between the browser and a peer.
    FutureTask<Long> tunnel(Answer.Upgraded upgraded) {
        return begin(() -> upgraded.tunnel().run(new ConnectionStream(browser.inner)));
    }
}
