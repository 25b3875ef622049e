package io.selvage.server.http1;

import io.selvage.server.http.Answer;
import io.selvage.server.http.ClientOptions;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Failure;
import io.selvage.server.http.Handler;
import io.selvage.server.http.Headers;
import io.selvage.server.http.Refusal;
import io.selvage.server.http.RequestHead;
import io.selvage.server.http.ResponseHead;
import io.selvage.server.http.Sent;
import io.selvage.server.http.Status;
import io.selvage.server.http.Version;
import io.selvage.server.net.Connection;
import io.selvage.server.net.ConnectionHandler;
import io.selvage.server.net.TimedOut;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/// Serves one client's connection: request by request, until one side has had enough. It closes the connection at the end.
///
/// Each exchange is told of its end exactly once, after its last byte was handed to the kernel and before the connection is
/// closed. Nothing that a handler throws leaves it.
public final class ServeLoop implements ConnectionHandler {
    private static final System.Logger LOG = System.getLogger(ServeLoop.class.getName());
    /// The most bytes of an unwanted request body that are read to get to the next request.
    private static final long MOST_DISCARDED = 256 * 1024;
    private static final ResponseSender.Outcome NOT_SENT = new ResponseSender.Outcome(
            new Sent(new ResponseHead(Status.INTERNAL_SERVER_ERROR, Headers.EMPTY), 0, 0, false), ResponseSender.Then.CLOSE);

    /*
     * Who may close a connection that is asked to end.
     *
     *   IDLE --serving thread, bytes came--> BUSY --serving thread, answered--> IDLE
     *   IDLE --drain()--> ENDED, and whoever did that closes the connection
     *
     * Serving thread: sets IDLE, then looks at draining, then waits.
     * drain():        sets draining, then tries IDLE -> ENDED.
     * Store then load on both sides, so at least one sees the other.
     */
    private enum Phase { IDLE, BUSY, ENDED }

    private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.BUSY);
    private volatile boolean draining;

    private final Connection connection;
    private final Handler handler;
    private final Supplier<ClientOptions> defaults;
    private final Clock clock;
    private final long openedNanos;
    private final Input input;
    private final Http1Client client;
    private final HeadReader heads;
    private final ResponseSender delivery;
    private boolean noDelay = true;                // of the connection, as it is accepted
    private boolean resetting;                     // whether its writes that time out reset it
    private boolean pipelined;                     // bytes of the request were there before it was waited for
    private ClientOptions rules;                     // of the last exchange; the listener's before the first

    /// @param serial of the connection since the start
    /// @param defaults the rules that hold until a location is known; asked anew for each request
    public ServeLoop(Connection connection, long serial, Handler handler, Supplier<ClientOptions> defaults, Clock clock) {
        this.connection = connection;
        this.handler = handler;
        this.defaults = defaults;
        this.clock = clock;
        this.openedNanos = clock.nanos();
        this.rules = defaults.get();
        this.input = new Input(connection, 0);
        Output output = new Output(connection);
        this.client = new Http1Client(connection, output, serial, openedNanos);
        this.heads = new HeadReader(input, clock);
        this.delivery = new ResponseSender(connection, input, output, client, clock);
    }

    @Override
    public void serve() {
        try {
            applySocketOptions();
            Duration patience = rules.head().timeout();
            while (awaitRequest(patience) && exchange()) {
                patience = rules.keepAlive().timeout();
            }
        } catch (IOException _) {
            // It ended, or stayed idle for too long, between two exchanges, which is how connections end.
        } finally {
            connection.close();
        }
    }

    @Override
    public void drain() {
        draining = true;
        if (phase.compareAndSet(Phase.IDLE, Phase.ENDED)) {
            connection.close();
        }
    }

    @Override
    public void abort() {
        connection.abort();
    }

    /// Waits until bytes of a request are there.
    private boolean awaitRequest(Duration patience) throws IOException {
        pipelined = !input.isEmpty();
        if (pipelined) {
            return true;
        }
        phase.set(Phase.IDLE);
        return !draining && heads.await(rules, patience) && phase.compareAndSet(Phase.IDLE, Phase.BUSY);
    }

    /// One request and its answer.
    ///
    /// @return whether there may be another
    private boolean exchange() throws IOException {
        ClientOptions current = defaults.get();
        long startedNanos = clock.nanos();
        long startedMillis = clock.millis();
        RequestHead head;
        Framing framing;
        Optional<Refusal> refusal;
        switch (heads.read(current)) {
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
        client.begin(head.version(), current, pipelined);
        boolean expects = head.version() == Version.HTTP_1_1 && head.headers().contains("Expect");
        BodyInput body = new BodyInput(input, framing, current, heads.fieldRules(current), expects, client::goOn);
        Exchange exchange = new Exchange(head, client, body, current, refusal, startedNanos, startedMillis);
        body.belongsTo(exchange);
        return conclude(answer(exchange, body), body, refusal.isPresent());
    }

    /// What is wrong with a whole head beyond its syntax.
    private static Optional<Refusal> unacceptable(RequestHead head, Framing framing) {
        if (framing instanceof Framing.Refused(Refusal why)) {
            return Optional.of(why);
        }
        if (head.version() == Version.HTTP_1_0 || !head.headers().contains("Expect")) {
            return Optional.empty();
        }
        List<String> expectations = head.headers().all("Expect");
        boolean known = expectations.size() == 1 && expectations.getFirst().equalsIgnoreCase("100-continue");
        return known ? Optional.empty() : Optional.of(new Refusal(Status.EXPECTATION_FAILED, "an unknown expectation"));
    }

    /// Has the exchange handled, sends what came of it, and ends it.
    private ResponseSender.Outcome answer(Exchange exchange, BodyInput body) {
        ResponseSender.Outcome outcome = NOT_SENT;
        try {
            Answer answer = handle(exchange);
            rules = exchange.routing().options();
            applySocketOptions();
            outcome = delivery.send(exchange, answer, mayPersist(exchange, body));
        } catch (RuntimeException | Error e) {
            LOG.log(System.Logger.Level.ERROR, "an answer could not be sent", e);
        } finally {
            over(exchange, outcome.sent());
        }
        return outcome;
    }

    private void applySocketOptions() {
        if (rules.sending().noDelay() != noDelay) {
            noDelay = rules.sending().noDelay();
            connection.noDelay(noDelay);
        }
        if (rules.resetTimedOut() != resetting) {
            resetting = rules.resetTimedOut();
            connection.resetTimedOutWrites(resetting);
        }
    }

    /// Makes the connection ready for the next request, or for its end.
    ///
    /// @return whether there may be another request
    private boolean conclude(ResponseSender.Outcome outcome, BodyInput body, boolean refused) throws IOException {
        switch (outcome.then()) {
            case GO_ON -> {
                if (body.ended() || body.discard(MOST_DISCARDED, clock, clock.nanos() + rules.lingering().time().toNanos())) {
                    return true;
                }
                linger();
            }
            case CLOSE -> {
                boolean mayStillSend = refused || !body.ended() || !input.isEmpty();
                if (outcome.sent().complete()
                        && (mayStillSend || rules.lingering().when() == ClientOptions.Lingering.When.ALWAYS)) {
                    linger();
                }
            }
            case RESET -> connection.abort();
        }
        return false;
    }

    private Answer handle(Exchange exchange) {
        try {
            return handler.handle(exchange);
        } catch (Failure failure) {
            return new Answer.StatusOnly(failure.status());
        } catch (RuntimeException | Error e) {
            LOG.log(System.Logger.Level.ERROR, "a handler failed", e);
            exchange.outcome().closeAfter();
            return new Answer.StatusOnly(Status.INTERNAL_SERVER_ERROR);
        }
    }

    private boolean mayPersist(Exchange exchange, BodyInput body) {
        return exchange.refusal().isEmpty() && !exchange.outcome().isClosing() && !draining
                && Persistence.of(exchange.request().version(), exchange.headers())
                && rules.keepAlive().timeout().isPositive() && client.requests() < rules.keepAlive().requests()
                && exchange.startedNanos() - openedNanos < rules.keepAlive().time().toNanos()
                && body.isDiscardable(MOST_DISCARDED);
    }

    private static void over(Exchange exchange, Sent sent) {
        try {
            exchange.finish(sent);
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "what follows an exchange failed", e);
        }
    }

    /// Ends our side first and reads on for a while, so that what the client still sends does not destroy the answer on its way
    /// (RFC 9112 §9.6, `lingering_close`).
    private void linger() throws IOException {
        if (rules.lingering().when() == ClientOptions.Lingering.When.OFF) {
            return;
        }
        connection.shutdownOutput();
        long deadline = clock.nanos() + rules.lingering().time().toNanos();
        ByteBuffer buffer = BodyBufferPool.take();
        try {
            long left = rules.lingering().time().toNanos();
            while (left > 0) {
                Duration patience = Duration.ofNanos(Math.min(left, rules.lingering().timeout().toNanos()));
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
