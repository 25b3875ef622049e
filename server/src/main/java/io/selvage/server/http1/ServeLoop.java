package io.selvage.server.http1;

import io.selvage.server.http.ClientOptions;
import io.selvage.server.http.EntryPoint;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.ExchangeRunner;
import io.selvage.server.http.Failure;
import io.selvage.server.http.FinalAnswer;
import io.selvage.server.http.ProxyHeader;
import io.selvage.server.http.Refusal;
import io.selvage.server.http.RequestHead;
import io.selvage.server.http.Sent;
import io.selvage.server.http.Version;
import io.selvage.server.net.Connection;
import io.selvage.server.net.ConnectionPhase;
import io.selvage.server.net.TimedOut;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/// Serves one client's connection, request by request, until one side ends it. The caller closes it then, and ends its phase.
///
/// Each exchange is finished exactly once, after its last byte was handed to the kernel and before [#serve] returns. Nothing
/// that a handler throws leaves it.
public final class ServeLoop {
    /// The most bytes of an unwanted request body that are read to get to the next request.
    private static final long MOST_DISCARDED = 256 * 1024;

    private final Connection connection;
    private final ConnectionPhase phase;
    private final Supplier<EntryPoint> entryPoint;
    private final Clock clock;
    private final long openedNanos;
    private long usedNanos;                        // when the last request began; the start before the first
    private final Input input;
    private final Http1Client client;
    private final HeadReader heads;
    private final ResponseSender sender;
    private boolean noDelay = true;                // of the connection, as it is accepted
    private boolean resetting;                     // whether its writes that time out reset it
    private boolean pipelined;                     // bytes of the request were there before it was waited for
    /// The body of all requests that have none. It never waits, so the options of an exchange do not matter.
    private final BodyInput noBody;
    private ClientOptions options;                 // of the last exchange; the listener's before the first

    /// @param phase of the connection; it is busy
    /// @param serial of the connection since the start
    /// @param proxyHeader what a proxy said about the client before its first bytes
    /// @param entryPoint what a request meets first; read once for each request, which keeps what it got
    public ServeLoop(Connection connection, ConnectionPhase phase, long serial, Optional<ProxyHeader> proxyHeader,
            Supplier<EntryPoint> entryPoint, Clock clock) {
        this.connection = connection;
        this.phase = phase;
        this.entryPoint = entryPoint;
        this.clock = clock;
        this.openedNanos = clock.nanos();
        this.usedNanos = openedNanos;
        this.options = entryPoint.get().options();
        this.input = new Input(connection, 0);
        Output output = new Output(connection);
        ClientConnection known = new ClientConnection(connection, phase.limit(), serial, openedNanos, proxyHeader);
        this.client = new Http1Client(connection, known, output);
        this.heads = new HeadReader(input, phase, clock);
        this.sender = new ResponseSender(connection, input, output, client, clock);
        this.noBody = body(Framing.NONE, options, false);
    }

    /// Serves until one side ends the connection.
    public void serve() {
        try {
            applySocketOptions();
            Duration patience = options.head().timeout();
            while (awaitRequest(patience) && exchange()) {
                patience = options.keepAlive().timeout();
            }
        } catch (IOException _) {
            // It ended, or stayed idle for too long, between two exchanges, which is how connections end.
        }
    }

    /// Waits until bytes of a request are there.
    private boolean awaitRequest(Duration patience) throws IOException {
        pipelined = !input.isEmpty();
        if (pipelined) {
            return true;
        }
        return becomeIdle() && input.await(options.head().bufferSize(), phase.shortened(patience)) > 0 && phase.busy();
    }

    /// Returns false if the connection must be closed instead.
    private boolean becomeIdle() {
        Duration kept = options.keepAlive().minTimeout();
        if (kept.isZero() || client.requests() == 0) {
            return phase.idle(usedNanos);
        }
        phase.idle(usedNanos, clock.nanos() + kept.toNanos());
        return true;
    }

    /// One request and its answer.
    ///
    /// @return whether there may be another
    private boolean exchange() throws IOException {
        EntryPoint entry = entryPoint.get();
        ClientOptions current = entry.options();
        long startedNanos = clock.nanos();
        usedNanos = startedNanos;
        long startedMillis = clock.millis();
        RequestHead head;
        Framing framing;
        Optional<Refusal> refusal;
        switch (heads.read(current, entry.hosts())) {
            case HeadReader.Next.Gone() -> {
                return false;
            }
            case HeadReader.Next.Head(RequestHead read) -> {
                head = read;
                framing = Framing.ofRequest(read);
                refusal = unacceptable(read, framing);
            }
            case HeadReader.Next.Refused(RequestHead soFar, Refusal why) -> {
                head = soFar;
                framing = Framing.NONE;
                refusal = Optional.of(why);
            }
        }
        phase.countRequest();
        client.begin(head.version(), current, pipelined);
        boolean expects = head.version() == Version.HTTP_1_1 && ExpectField.isIn(head.headers());
        BodyInput body = framing == Framing.NONE && !expects ? noBody : body(framing, current, expects);
        Exchange exchange = new Exchange(head, client, body, current, refusal, startedNanos, startedMillis);
        if (body != noBody) {
            body.belongsTo(exchange);
        }
        ExchangeRunner.run(exchange, entry.routers(), (answered, answer) -> send(answered, answer, body));
        return conclude(exchange, body);
    }

    private BodyInput body(Framing framing, ClientOptions current, boolean expects) {
        return new BodyInput(input, framing, current, heads.fieldRules(current), expects, client::send100Continue, clock);
    }

    /// What is wrong with a whole head beyond its syntax.
    static Optional<Refusal> unacceptable(RequestHead head, Framing framing) {
        if (framing instanceof Framing.Refused(Refusal why)) {
            return Optional.of(why);
        }
        return head.version() == Version.HTTP_1_0 ? Optional.empty() : ExpectField.refusal(head.headers());
    }

    private Sent send(Exchange exchange, FinalAnswer answer, BodyInput body) throws Failure {
        options = exchange.routing().options();
        applySocketOptions();
        return sender.send(exchange, answer, mayPersist(exchange, body), body::ended);
    }

    private void applySocketOptions() {
        if (options.sending().noDelay() != noDelay) {
            noDelay = options.sending().noDelay();
            connection.noDelay(noDelay);
        }
        if (options.resetTimedOut() != resetting) {
            resetting = options.resetTimedOut();
            connection.resetTimedOutWrites(resetting);
        }
    }

    /// Makes the connection ready for the next request, or for its end.
    ///
    /// @return whether there may be another request
    private boolean conclude(Exchange exchange, BodyInput body) throws IOException {
        switch (sender.then()) {
            case GO_ON -> {
                if (body.ended() || discardRest(body)) {
                    return true;
                }
                linger();
            }
            case CLOSE -> {
                boolean mayStillSend = exchange.refusal().isPresent() || !body.ended() || !input.isEmpty();
                boolean complete = exchange.outcome().sent().map(Sent::complete).orElse(false);
                if (complete && (mayStillSend || options.lingering().when() == ClientOptions.Lingering.When.ALWAYS)) {
                    linger();
                }
            }
            case RESET -> connection.abort();
        }
        return false;
    }

    /// Reads the rest of an unwanted request body.
    ///
    /// @return whether the next request follows
    private boolean discardRest(BodyInput body) throws IOException {
        long now = clock.nanos();
        phase.lingers(now);
        boolean ended = body.discard(MOST_DISCARDED, clock, now + options.lingering().time().toNanos());
        if (!phase.busy()) {
            throw new IOException("closed to make room");
        }
        return ended;
    }

    private boolean mayPersist(Exchange exchange, BodyInput body) {
        return exchange.refusal().isEmpty() && !exchange.outcome().isClosing() && !phase.isLast()
                && Persistence.of(exchange.request().version(), exchange.headers())
                && options.keepAlive().allows(exchange.request(), client.requests(), exchange.startedNanos() - openedNanos)
                && body.isDiscardable(MOST_DISCARDED);
    }

    /// Ends our side first and reads on for a while, so that what the client still sends does not destroy the answer on its way
    /// (RFC 9112 §9.6, `lingering_close`).
    private void linger() throws IOException {
        if (options.lingering().when() == ClientOptions.Lingering.When.OFF) {
            return;
        }
        long now = clock.nanos();
        phase.lingers(now);
        connection.shutdownOutput();
        long deadline = now + options.lingering().time().toNanos();
        ByteBuffer buffer = BodyBufferPool.take();
        try {
            long left = options.lingering().time().toNanos();
            while (left > 0) {
                Duration patience = Duration.ofNanos(Math.min(left, options.lingering().timeout().toNanos()));
                if (patience.isZero() || connection.read(buffer.clear(), patience) < 0) {
                    return;
                }
                left = deadline - clock.nanos();
            }
        } catch (TimedOut _) {
            // Long enough.
        } finally {
            BodyBufferPool.give(buffer);
        }
    }
}
