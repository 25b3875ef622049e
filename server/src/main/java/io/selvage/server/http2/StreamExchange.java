package io.selvage.server.http2;

import io.selvage.server.http.EntryPoint;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.ExchangeRunner;
import io.selvage.server.http.Refusal;
import io.selvage.server.http.RequestHead;
import io.selvage.server.http.Sent;
import java.util.Optional;

/// The request of one stream and its answer; runs on a thread of its own.
///
/// @param stream of the request
/// @param entry what the request meets first
/// @param head as the client sent it, or as HTTP/1 has it
/// @param refusal why it is not acceptable, where it is not
/// @param body of the request
/// @param client of the stream
/// @param sender of the answer
record StreamExchange(Http2Stream stream, EntryPoint entry, RequestHead head, Optional<Refusal> refusal, StreamBody body,
        Http2Client client, StreamSender sender) {

    /// Answers the request.
    ///
    /// @param startedNanos [System#nanoTime] when its first byte came
    /// @param startedMillis the time of day then
    /// @return whether the client got all of an answer
    boolean run(long startedNanos, long startedMillis) {
        Exchange exchange = new Exchange(head, client, body, entry.options(), refusal, startedNanos, startedMillis);
        body.belongsTo(exchange);
        client.belongsTo(exchange);
        ExchangeRunner.run(exchange, entry.routers(), sender);
        return exchange.outcome().sent().map(Sent::complete).orElse(false);
    }
}
