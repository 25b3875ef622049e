package io.selvage.server.route;

import io.selvage.server.http.Answer.Reply;
import io.selvage.server.http.Authority;
import io.selvage.server.http.Body;
import io.selvage.server.http.Client;
import io.selvage.server.http.ClientOptions;
import io.selvage.server.http.DisconnectWatch;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Failure;
import io.selvage.server.http.FinalAnswer;
import io.selvage.server.http.Headers;
import io.selvage.server.http.Method;
import io.selvage.server.http.Regex;
import io.selvage.server.http.RequestBody;
import io.selvage.server.http.RequestHead;
import io.selvage.server.http.ResponseHead;
import io.selvage.server.http.Status;
import io.selvage.server.http.Target;
import io.selvage.server.http.Template;
import io.selvage.server.http.Text;
import io.selvage.server.http.Version;
import io.selvage.server.observe.ErrorLog;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// Routes one request: through a location without filters, through an `if` and a `rewrite` that do not match, and through those
/// that do.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class RequestRouterBenchmark {
    private static final Client NOBODY = new Nobody();
    private static final Reply REPLY = new Reply(new ResponseHead(Status.OK, Headers.of("Server", "selvage")), Body.text("x"));

    private final Sites plain = sites(location("/a", List.of()));
    private final Sites missed = sites(location("/a", List.of(test("other"), rewrite("^/other/(.*)$"))));
    private final Sites taken = sites(location("/a", List.of(test(""), rewrite("^/a/(.*)$"))), location("/b", List.of()));
    private final RequestHead head = new RequestHead(Method.GET, new Target(Target.Form.ORIGIN, "/a/b", "/a/b", "", ""),
            Version.HTTP_1_1, Headers.of("Host", "a"), Authority.parse("a"), "GET /a/b HTTP/1.1", 40, false);

    @Benchmark
    public FinalAnswer plain() throws Failure {
        return plain.of(exchange()).route();
    }

    @Benchmark
    public FinalAnswer missed() throws Failure {
        return missed.of(exchange()).route();
    }

    @Benchmark
    public FinalAnswer taken() throws Failure {
        return taken.of(exchange()).route();
    }

    private Exchange exchange() {
        return new Exchange(head, NOBODY, RequestBody.none(), ClientOptions.DEFAULT, Optional.empty(), 0, 0);
    }

    private static Rewrite test(String value) {
        return new If(new Condition.Equals(exchange -> exchange.routing().query(), Text.literal(value), true),
                List.of(new SetVariable("x", (exchange, text) -> exchange.routing().setVariable("x", text), Text.literal("1"))),
                Optional.empty());
    }

    private static Rewrite rewrite(String expression) {
        Template target = Template.parse("/b/$1", (_, _) -> exchange -> Optional.of(exchange.routing().captures().get(1)))
                .orElseThrow();
        return new RewritePath(new Regex(expression, false), Replacement.of(target), RewritePath.Then.LAST, ErrorLog.SILENT);
    }

    private static Location location(String path, List<Rewrite> rewrites) {
        ResponsePolicy policy = new ResponsePolicy(List.of(), false, Redirects.DEFAULT, Text.literal("selvage"), List.of(), false,
                ErrorLog.SILENT);
        return new Location(new Match.Prefix(path), LocationOptions.DEFAULT, rewrites, List.of(), _ -> REPLY, List.of(), policy,
                List.of());
    }

    private static Sites sites(Location... locations) {
        Site site = new Site("a", List.of(), List.of(), location("", List.of()), List.of(locations));
        return new Sites(site, List.of(site));
    }

    /// A client that is not asked for anything but its address.
    private static final class Nobody implements Client {
        private final SocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 80);

        @Override
        public SocketAddress remote() {
            return address;
        }

        @Override
        public String remoteHost() {
            return "127.0.0.1";
        }

        @Override
        public SocketAddress local() {
            return address;
        }

        @Override
        public long serial() {
            return 1;
        }

        @Override
        public int requests() {
            return 1;
        }

        @Override
        public long sent() {
            return 0;
        }

        @Override
        public void interim(ResponseHead interim) {
            throw new IllegalStateException("there is no interim response");
        }

        @Override
        public DisconnectWatch watch(Runnable gone) {
            throw new IllegalStateException("nothing is waited for");
        }
    }
}
