package io.selvage.server.http1;

import io.selvage.server.http.Answer;
import io.selvage.server.http.Body;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Failure;
import io.selvage.server.http.FinalAnswer;
import io.selvage.server.http.Headers;
import io.selvage.server.http.ResponseHead;
import io.selvage.server.http.Sent;
import io.selvage.server.http.Status;
import io.selvage.server.http.UpgradeHandler;
import io.selvage.server.net.Connection;
import io.selvage.server.net.TimedOut;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.BooleanSupplier;

/// Sends the answers of one connection, one at a time, and decides what becomes of the connection.
final class ResponseSender {
    private static final System.Logger LOG = System.getLogger(ResponseSender.class.getName());

    /// What becomes of the connection.
    enum Then { GO_ON, CLOSE, RESET }

    private final Connection connection;
    private final Input input;
    private final Output output;
    private final Http1Client client;
    private final Clock clock;
    private Then then = Then.CLOSE;

    ResponseSender(Connection connection, Input input, Output output, Http1Client client, Clock clock) {
        this.connection = connection;
        this.input = input;
        this.output = output;
        this.client = client;
        this.clock = clock;
    }

    /// What becomes of the connection after the last answer.
    Then then() {
        return then;
    }

    /// Sends it.
    ///
    /// @param persistent whether the connection may be kept, as far as the request and the options allow
    /// @param received true once all of the request has been read
    /// @return what the client got
    /// @throws Failure while nothing was sent, so that another answer can take the place of this one
    Sent send(Exchange exchange, FinalAnswer answer, boolean persistent, BooleanSupplier received) throws Failure {
        then = Then.CLOSE;
        client.answering();
        return switch (answer) {
            case Answer.Reply reply -> reply(exchange, reply, persistent, received);
            case Answer.Upgraded(ResponseHead head, UpgradeHandler tunnel) -> upgrade(exchange, head, tunnel);
            case Answer.CloseSilently silence -> closeSilently(exchange, silence);
        };
    }

    private Sent reply(Exchange exchange, Answer.Reply reply, boolean persistent, BooleanSupplier received) throws Failure {
        ByteBuffer room = connection.lend(HeadWriter.ROOM);
        try (Body body = reply.body()) {
            HeadWriter.Written head = written(exchange, reply, persistent, room);
            return deliver(exchange, head, body, new BodyOutput(output, exchange, clock, head.bytes(), received));
        } finally {
            connection.giveBack(room);
        }
    }

    private HeadWriter.Written written(Exchange exchange, Answer.Reply reply, boolean persistent, ByteBuffer room)
            throws Failure {
        try {
            return HeadWriter.write(exchange.request(), reply.head(), reply.body(), persistent, exchange.routing().options(),
                    exchange.outcome().server(), DateField.at(clock.millis()), room);
        } catch (RuntimeException bug) {
            throw Failure.bug(bug);
        }
    }

    /// @throws Failure only while nothing has been sent
    private Sent deliver(Exchange exchange, HeadWriter.Written head, Body body, BodyOutput out) throws Failure {
        try {
            if (!head.persistent() && isOneWrite(exchange, body)) {
                connection.lastWrite();
            }
            out.send(body, head.framing());
            then = head.persistent() ? Then.GO_ON : Then.CLOSE;
            return sent(head, out, true);
        } catch (IOException e) {
            return cutShort(exchange, head, out, e);
        } catch (Failure failure) {
            return broken(head, out, failure);
        } catch (RuntimeException bug) {
            return broken(head, out, Failure.bug(bug));
        }
    }

    private static boolean isOneWrite(Exchange exchange, Body body) {
        return (body instanceof Body.Bytes || body instanceof Body.None) && exchange.outcome().rate() == 0;
    }

    private Sent broken(HeadWriter.Written head, BodyOutput out, Failure failure) throws Failure {
        if (out.nothingSent()) {
            throw failure;
        }
        if (failure.what() == Failure.What.BUG) {
            LOG.log(System.Logger.Level.ERROR, "an answer could not be sent to its end", failure);
        }
        // Where only the end of the connection ends the body, a clean end would pass for a complete one (RFC 9112 §8).
        then = head.framing() instanceof Framing.UntilClose ? Then.RESET : Then.CLOSE;
        return sent(head, out, false);
    }

    private Sent sent(HeadWriter.Written head, BodyOutput out, boolean complete) {
        return new Sent(head.own().status(), head::fields, output.sent(), out.bodyBytes(), complete);
    }

    private Sent cutShort(Exchange exchange, HeadWriter.Written head, BodyOutput out, IOException e) {
        if (e instanceof TimedOut) {
            exchange.outcome().slowReader();
            then = exchange.routing().options().resetTimedOut() ? Then.RESET : then;
        }
        return out.nothingSent() ? unanswered(e instanceof TimedOut ? Status.REQUEST_TIMEOUT : Status.CLIENT_CLOSED)
                : sent(head, out, false);
    }

    private Sent upgrade(Exchange exchange, ResponseHead head, UpgradeHandler tunnel) throws Failure {
        try (UpgradeHandler given = tunnel) {
            Headers named = withMissing(head.headers(), "Server", exchange.outcome().server());
            ResponseHead complete = head.withHeaders(withMissing(named, "Date", DateField.at(clock.millis()).text()));
            exchange.outcome().head(complete);
            output.write(exchange.routing().options().sending().timeout(), HeadWriter.bytes(complete));
            input.unread();
            long carried = given.run(new ConnectionStream(connection));
            return new Sent(complete, output.sent() + carried, carried, true);
        } catch (IOException _) {
            return unanswered(Status.CLIENT_CLOSED);
        }
    }

    private static Headers withMissing(Headers fields, String name, String value) {
        return value.isEmpty() || fields.contains(name) ? fields : fields.with(name, value);
    }

    private Sent closeSilently(Exchange exchange, Answer.CloseSilently silence) {
        if (silence.isOrdered() && exchange.routing().options().resetTimedOut()) {
            then = Then.RESET;
        }
        return unanswered(silence.logged());
    }

    private Sent unanswered(Status logged) {
        return new Sent(new ResponseHead(logged, Headers.EMPTY), output.sent(), 0, false);
    }
}
