package io.selvage.server.proxy;

import io.selvage.loadbalancer.KeepAlive;
import io.selvage.loadbalancer.PeerStates;
import io.selvage.loadbalancer.Policy;
import io.selvage.loadbalancer.UpstreamSpec;
import io.selvage.server.http.Attempt;
import io.selvage.server.http.Authority;
import io.selvage.server.http.BodySource;
import io.selvage.server.http.ClientOptions;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Failure;
import io.selvage.server.http.Headers;
import io.selvage.server.http.Method;
import io.selvage.server.http.RequestBody;
import io.selvage.server.http.RequestHead;
import io.selvage.server.http.ResponseHead;
import io.selvage.server.http.Target;
import io.selvage.server.http.Targets;
import io.selvage.server.http.UncheckedFailure;
import io.selvage.server.http.Version;
import io.selvage.server.net.Io;
import io.selvage.server.observe.ErrorLog;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/// A peer is healthy if it responds to a request as it should. The request is one of the location: it has the protocol, fields,
/// TLS and time limits of requests that are passed, and connections of its own.
final class RequestProbe implements Probe, AutoCloseable {
    private static final int MOST_BODY = 256 * 1024;
    private static final int MOST_IDLE = 64;
    private static final String AGENT = "Selvage health check";

    private final TargetSelector targets;
    private final UpstreamProtocol protocol;
    private final ProxyOptions passing;
    private final ErrorLog log;
    private final ProbeOptions probing;
    private final RequestHead request;
    private final PeerGroup connections;                   // has no peers; keeps connections between probes

    /// @param passing the options for requests of the location
    RequestProbe(TargetSelector targets, UpstreamProtocol protocol, ProxyOptions passing, ErrorLog log, ProbeOptions probing,
            Io io) {
        this.targets = targets;
        this.protocol = protocol;
        this.log = log;
        this.probing = probing;
        this.passing = passing.withTimeouts(passing.timeouts().atMost(probing.timeout()));
        this.request = request(probing);
        KeepAlive keepAlive = new KeepAlive(probing.keepAlive().isZero() ? 0 : MOST_IDLE, probing.keepAlive(), Long.MAX_VALUE,
                probing.keepAlive());
        this.connections = new PeerGroup(new UpstreamSpec("health_check", List.of(), new Policy.RoundRobin()), _ -> new byte[0],
                keepAlive, new PeerStates(), io);
    }

    private static RequestHead request(ProbeOptions probing) {
        ProbeRequest asked = probing.request();
        Target target = Targets.parse(asked.uri(), false) instanceof Targets.Reading.Valid(Target valid) ? valid
                : new Target(Target.Form.ORIGIN, "/", "/", "", "");
        Headers.Builder fields = Headers.builder().add("Host", probing.host()).add("User-Agent", AGENT);
        for (int i = 0; i < asked.fields().size(); i++) {
            fields.add(asked.fields().name(i), asked.fields().value(i));
        }
        return new RequestHead(Method.of(asked.method()), target, Version.HTTP_1_1, fields.build(),
                Authority.parse(probing.host()), asked.method() + " " + asked.uri() + " HTTP/1.1", 0, false);
    }

    @Override
    public Optional<String> failure(ProbeRun run) {
        try {
            String address = PeerAddress.withPort(run.address(), probing.port());
            return failure(run, address, upstreamRequest());
        } catch (Failure failure) {
            return Optional.of(reason(run, failure));
        } catch (UncheckedFailure failure) {
            return Optional.of(reason(run, failure.failure()));
        }
    }

    private String reason(ProbeRun run, Failure failure) {
        return run.isAborted() || failure.what() == Failure.What.TIMED_OUT && failure.where() == Failure.Where.UPSTREAM
                ? "no response within " + probing.timeout().toMillis() + " ms" : failure.detail();
    }

    private Optional<String> failure(ProbeRun run, String address, UpstreamRequest asked) throws Failure {
        Optional<UpstreamCall> open = protocol.reuse(asked, address);
        if (open.isPresent()) {
            try {
                return failure(run, address, asked, open.get());
            } catch (Failure _) {
                // The peer has closed the idle connection, which it may.
            }
        }
        return failure(run, address, asked, protocol.connect(asked, address));
    }

    private Optional<String> failure(ProbeRun run, String address, UpstreamRequest asked, UpstreamCall call) throws Failure {
        boolean answered = false;
        try {
            run.waiting(call::abort);
            asked.body().send(call);
            ResponseHead head = call.awaitHead();
            while (head.status().isInformative()) {
                head = call.awaitHead();
            }
            String body = body(call);
            record(asked.exchange(), address, head, call);
            answered = true;
            return probing.match().failure(new ProbeResponse(asked.exchange(), head, body));
        } finally {
            run.waiting(() -> { });
            if (answered) {
                call.release();
            } else {
                call.discard();
            }
        }
    }

    private static String body(UpstreamCall call) throws Failure {
        BodySource body = call.body();
        ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(body.length().orElse(MOST_BODY), MOST_BODY - 1) + 1);
        while (bytes.hasRemaining() && body.read(bytes) >= 0) {
            Thread.yield();
        }
        return new String(bytes.array(), 0, bytes.position(), StandardCharsets.ISO_8859_1);
    }

    /// For variables.
    private static void record(Exchange exchange, String address, ResponseHead head, UpstreamCall call) {
        long took = System.nanoTime() - exchange.startedNanos();
        exchange.beginUpstream().peerHead(head);
        exchange.upstream().peerTrailers(call.body().trailers());
        exchange.addAttempt(new Attempt(Attempt.Peer.alone(address), head.status(), 0, -1, 0, took, took,
                new Attempt.Traffic(call.bytesSent(), call.bytesReceived(), call.bodyReceived())));
    }

    private UpstreamRequest upstreamRequest() throws Failure {
        Exchange exchange = new Exchange(request, new ProbeClient(), RequestBody.none(), ClientOptions.DEFAULT, Optional.empty(),
                System.nanoTime(), System.currentTimeMillis());
        probing.enter().accept(exchange);
        ProxyTarget passed = targets.select(exchange);
        exchange.beginUpstream().target(passed.url().named());
        ProxyTarget target = new ProxyTarget(connections, passed.url(), new UriRewrite.AsItCame(), passed.identity());
        BufferedRequestBody body = probing.request().buffered();
        EncodedHead head = protocol.encode(exchange, target, body.framing());
        return new UpstreamRequest(exchange, target, protocol, passing, body, head, log);
    }

    /// Closes connections that were idle for too long.
    void closeExpired() {
        connections.closeExpired();
    }

    @Override
    public void close() {
        connections.close();
    }
}
