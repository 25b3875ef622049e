package io.selvage.server.http1;

import io.selvage.server.http.Answer;
import io.selvage.server.http.Body;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Failure;
import io.selvage.server.http.Headers;
import io.selvage.server.http.ResponseHead;
import io.selvage.server.http.Sent;
import io.selvage.server.http.Status;
import io.selvage.server.http.UpgradeHandler;
import io.selvage.server.net.Connection;
import io.selvage.server.net.TimedOut;
import java.io.IOException;

/// Sends the answer of one exchange, whatever kind it is, and tells what came of it.
final class ResponseSender {
    private static final System.Logger LOG = System.getLogger(ResponseSender.class.getName());
    private static final Status HUNG_UP = Status.of(444);

    /// What is to become of the connection.
    enum Then { GO_ON, CLOSE, RESET }

    /// @param sent for the log
    record Outcome(Sent sent, Then then) {
    }

    private final Connection connection;
    private final Input input;
    private final Output output;
    private final Http1Client client;
    private final Clock clock;

    ResponseSender(Connection connection, Input input, Output output, Http1Client client, Clock clock) {
        this.connection = connection;
        this.input = input;
        this.output = output;
        this.client = client;
        this.clock = clock;
    }

    /// Sends it.
    ///
    /// @param persistent whether the connection may be kept, as far as the request and the rules say
    Outcome send(Exchange exchange, Answer answer, boolean persistent) {
        client.answering();
        return switch (answer) {
            case Answer.Reply reply -> reply(exchange, reply, persistent);
            case Answer.StatusOnly(Status status, Headers headers) -> reply(exchange, page(status, headers), persistent);
            case Answer.Upgraded(ResponseHead head, UpgradeHandler tunnel) -> upgrade(exchange, head, tunnel);
            case Answer.CloseSilently() ->
                unanswered(HUNG_UP, exchange.routing().options().resetTimedOut() ? Then.RESET : Then.CLOSE);
            case Answer.InternalRedirect _, Answer.NamedLocation _ -> {
                LOG.log(System.Logger.Level.ERROR, "nobody followed the internal redirect {0}", answer);
                yield reply(exchange, page(Status.INTERNAL_SERVER_ERROR, Headers.EMPTY), false);
            }
        };
    }

    /// A few words for a status that nobody had any for.
    private static Answer.Reply page(Status status, Headers headers) {
        Body body = status.isBodiless() ? Body.NONE : Body.text(status + "\n");
        Headers all = status.isBodiless() ? headers : headers.replacing("Content-Type", "text/plain");
        return new Answer.Reply(new ResponseHead(status, all), body);
    }

    private Outcome reply(Exchange exchange, Answer.Reply reply, boolean persistent) {
        try (Body body = reply.body()) {
            if (reply.head().status().code() == Status.CLIENT_CLOSED.code()) {
                return unanswered(Status.CLIENT_CLOSED, Then.CLOSE);
            }
            HeadWriter.Written head = HeadWriter.write(exchange.request(), reply.head(), body, persistent,
                    exchange.routing().options(), DateField.at(clock.millis()));
            return deliver(exchange, head, body);
        } catch (Failure failure) {
            return instead(exchange, failure);
        }
    }

    /// @throws Failure only while nothing has been sent, so that it can still be told
    private Outcome deliver(Exchange exchange, HeadWriter.Written head, Body body) throws Failure {
        BodyOutput out = new BodyOutput(output, exchange, clock, head.bytes());
        try {
            out.send(body, head.framing());
            return new Outcome(sent(head, out, true), head.persistent() ? Then.GO_ON : Then.CLOSE);
        } catch (IOException e) {
            return cutShort(exchange, head, out, e);
        } catch (Failure failure) {
            if (out.nothingSent()) {
                throw failure;
            }
            tell(failure);
            // Where only the end of the connection ends the body, a clean end would pass for a complete one (RFC 9112 §8).
            Then then = head.framing() instanceof Framing.UntilClose ? Then.RESET : Then.CLOSE;
            return new Outcome(sent(head, out, false), then);
        }
    }

    private Sent sent(HeadWriter.Written head, BodyOutput out, boolean complete) {
        return new Sent(head.own().status(), head::fields, output.sent(), out.bodyBytes(), complete);
    }

    private Outcome cutShort(Exchange exchange, HeadWriter.Written head, BodyOutput out, IOException e) {
        Then then = e instanceof TimedOut && exchange.routing().options().resetTimedOut() ? Then.RESET : Then.CLOSE;
        if (out.nothingSent()) {
            return unanswered(e instanceof TimedOut ? Status.REQUEST_TIMEOUT : Status.CLIENT_CLOSED, then);
        }
        return new Outcome(sent(head, out, false), then);
    }

    /// The answer that takes the place of one that failed before a byte of it was sent.
    private Outcome instead(Exchange exchange, Failure failure) {
        tell(failure);
        return reply(exchange, page(failure.status(), Headers.EMPTY), false);
    }

    private Outcome upgrade(Exchange exchange, ResponseHead head, UpgradeHandler tunnel) {
        try (UpgradeHandler given = tunnel) {
            Headers fields = head.headers().contains("Date") ? head.headers()
                    : head.headers().with("Date", DateField.at(clock.millis()).text());
            ResponseHead complete = head.withHeaders(fields);
            exchange.outcome().head(complete);
            output.write(exchange.routing().options().sending().timeout(), HeadWriter.bytes(complete));
            input.unread();
            long carried = given.run(connection);
            return new Outcome(new Sent(complete, output.sent() + carried, carried, true), Then.CLOSE);
        } catch (IOException _) {
            return unanswered(Status.CLIENT_CLOSED, Then.CLOSE);
        } catch (Failure failure) {
            return instead(exchange, failure);
        }
    }

    private Outcome unanswered(Status status, Then then) {
        return new Outcome(new Sent(new ResponseHead(status, Headers.EMPTY), output.sent(), 0, false), then);
    }

    private static void tell(Failure failure) {
        if (failure.what() == Failure.What.BUG) {
            LOG.log(System.Logger.Level.ERROR, "an answer could not be sent", failure);
        }
    }
}
