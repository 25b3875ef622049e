package io.selvage.server.http2;

import io.selvage.server.http.Answer;
import io.selvage.server.http.Body;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.ExchangeRunner;
import io.selvage.server.http.Failure;
import io.selvage.server.http.FinalAnswer;
import io.selvage.server.http.Headers;
import io.selvage.server.http.ResponseHead;
import io.selvage.server.http.Sent;
import io.selvage.server.http.Status;
import io.selvage.server.http.UpgradeHandler;
import io.selvage.server.http1.Clock;
import io.selvage.server.http1.DateField;
import io.selvage.server.net.TimedOut;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.Consumer;

/// Sends the answer of one stream. Used by the thread of the stream.
final class StreamSender implements ExchangeRunner.Sender {
    private static final System.Logger LOG = System.getLogger(StreamSender.class.getName());
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final Http2Stream stream;
    private final StreamInput input;
    private final ConnectionOutput output;
    private final Http2Client client;
    private final Clock clock;
    private final Consumer<ErrorCode> reset;
    private final boolean tunnels;
    private ErrorCode unfinished = ErrorCode.INTERNAL_ERROR;
    private Duration minIdle = Duration.ZERO;

    /// @param reset resets the stream unless it has ended; any thread
    /// @param tunnels true for an extended CONNECT, which a success would turn into a tunnel
    StreamSender(Http2Stream stream, StreamInput input, ConnectionOutput output, Http2Client client, Clock clock,
            Consumer<ErrorCode> reset, boolean tunnels) {
        this.stream = stream;
        this.input = input;
        this.output = output;
        this.client = client;
        this.clock = clock;
        this.reset = reset;
        this.tunnels = tunnels;
    }

    /// The code with which the stream is reset if its answer has no end.
    ErrorCode unfinished() {
        return unfinished;
    }

    /// The idle time behind the answer in which the connection is not closed (`keepalive_min_timeout` of the location).
    Duration minIdle() {
        return minIdle;
    }

    @Override
    public Sent send(Exchange exchange, FinalAnswer answer) throws Failure {
        client.answering();
        minIdle = exchange.routing().options().keepAlive().minTimeout();
        return switch (answer) {
            case Answer.Reply reply -> reply(exchange, reply);
            case Answer.Upgraded(ResponseHead head, UpgradeHandler tunnel) -> upgrade(exchange, head, tunnel);
            case Answer.CloseSilently silence -> unanswered(silence.logged());
        };
    }

    private Sent reply(Exchange exchange, Answer.Reply reply) throws Failure {
        try (Body body = reply.body()) {
            boolean accepts = tunnels && reply.head().status().code() / 100 == 2;
            return accepts ? deliver(exchange, new ResponseHead(Status.NOT_IMPLEMENTED, Headers.EMPTY), Body.NONE)
                    : deliver(exchange, reply.head(), body);
        }
    }

    /// @throws Failure only while nothing has been sent
    private Sent deliver(Exchange exchange, ResponseHead own, Body body) throws Failure {
        Http2Stream.Head head = head(exchange, own, body);
        StreamBodyOutput out = new StreamBodyOutput(output, stream, exchange, clock, head);
        try {
            out.send(body, head.last());
            return sent(own, head, out, true);
        } catch (IOException e) {
            unfinished = e instanceof TimedOut ? ErrorCode.CANCEL : ErrorCode.INTERNAL_ERROR;
            if (e instanceof TimedOut) {
                exchange.outcome().slowReader();
            }
            return out.nothingSent() ? unanswered(e instanceof TimedOut ? Status.REQUEST_TIMEOUT : Status.CLIENT_CLOSED)
                    : sent(own, head, out, false);
        } catch (Failure failure) {
            return broken(own, head, out, failure);
        } catch (RuntimeException bug) {
            return broken(own, head, out, Failure.bug(bug));
        }
    }

    private Http2Stream.Head head(Exchange exchange, ResponseHead own, Body body) throws Failure {
        try {
            return ResponseFields.of(exchange.request(), own, body, exchange.outcome().server(),
                    DateField.at(clock.millis()).text());
        } catch (RuntimeException bug) {
            throw Failure.bug(bug);
        }
    }

    private Sent broken(ResponseHead own, Http2Stream.Head head, StreamBodyOutput out, Failure failure) throws Failure {
        if (out.nothingSent()) {
            throw failure;
        }
        if (failure.what() == Failure.What.BUG) {
            LOG.log(System.Logger.Level.ERROR, "an answer could not be sent to its end", failure);
        }
        return sent(own, head, out, false);
    }

    private Sent sent(ResponseHead own, Http2Stream.Head head, StreamBodyOutput out, boolean complete) {
        return new Sent(own.status(), head::allFields, stream.sentBytes(), out.bodyBytes(), complete);
    }

    private Sent upgrade(Exchange exchange, ResponseHead head, UpgradeHandler tunnel) throws Failure {
        try (UpgradeHandler given = tunnel) {
            Http2Stream.Head accepting = ResponseFields.tunnel(head, exchange.outcome().server(),
                    DateField.at(clock.millis()).text());
            ResponseHead complete = new ResponseHead(Status.OK, accepting.allFields());
            exchange.outcome().head(complete);
            output.send(stream, accepting, NOTHING, false, exchange.routing().options().sending().timeout());
            long carried = given.run(new StreamTunnel(stream, input, output, reset));
            return new Sent(complete, stream.sentBytes(), carried, true);
        } catch (IOException _) {
            return unanswered(Status.CLIENT_CLOSED);
        }
    }

    private Sent unanswered(Status logged) {
        return new Sent(new ResponseHead(logged, Headers.EMPTY), stream.sentBytes(), 0, false);
    }
}
