package io.selvage.server.http;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The answer of an exchange: its head as far as it is known, how it is to be sent, and in the end what was sent.
public final class Outcome {
    private @Nullable ResponseHead head;                   // once the answer's head is known
    private @Nullable Sent sent;                           // set at the end
    private String server = "";
    private Headers trailers = Headers.EMPTY;
    private @Nullable CodedContent coded;                  // if the answer was compressed here
    private boolean closing;
    private boolean slowReader;
    private long rate;
    private long rateAfter;
    private boolean rateFixed;                             // no location may change it

    Outcome() {
    }

    /// The head about to be sent, as far as it is known, and in the end the one that was sent; `$sent_http_*`.
    public Optional<ResponseHead> head() {
        return sent == null ? Optional.ofNullable(head) : Optional.of(sent.head());
    }

    /// The status of [#head], which need not be put together for it.
    public Optional<Status> status() {
        return sent == null ? Optional.ofNullable(head).map(ResponseHead::status) : Optional.of(sent.status());
    }

    /// Sets the head as it is known now.
    public void head(ResponseHead known) {
        head = known;
    }

    /// The value of `Server` in an answer whose own fields have none; empty to send no such field.
    public String server() {
        return server;
    }

    /// Sets the value of `Server` for an answer without one.
    public void server(String product) {
        server = product;
    }

    /// What was sent, once the exchange is finished.
    public Optional<Sent> sent() {
        return Optional.ofNullable(sent);
    }

    void sent(Sent answer) {
        sent = answer;
    }

    /// The trailers that were added to the body, as far as they are known; `$sent_trailer_*`.
    public Headers trailers() {
        return trailers;
    }

    /// Sets the trailers as they are known now.
    public void trailers(Headers known) {
        trailers = known;
    }

    /// How the answer was compressed here, if it was.
    public Optional<CodedContent> coded() {
        return Optional.ofNullable(coded);
    }

    /// Sets the compressed content that replaces the body of the answer.
    public void coded(CodedContent content) {
        coded = content;
    }

    /// Has the connection closed after this exchange.
    public void closeAfter() {
        closing = true;
    }

    /// True if the connection is to be closed after this exchange.
    public boolean isClosing() {
        return closing;
    }

    /// Records that the client took too little of the answer for too long (`send_timeout`, `send_min_rate`).
    public void slowReader() {
        slowReader = true;
    }

    /// True once [#slowReader] was called; the router then logs why the response is incomplete.
    public boolean isSlowReader() {
        return slowReader;
    }

    /// Bytes a second, 0 for no bound (`limit_rate`).
    public long rate() {
        return rate;
    }

    /// Bytes sent before the bound begins (`limit_rate_after`).
    public long rateAfter() {
        return rateAfter;
    }

    /// Sets what a location says. A rate that was fixed stays.
    public void rate(long bytesPerSecond, long after) {
        if (!rateFixed) {
            rate = bytesPerSecond;
        }
        rateAfter = after;
    }

    /// Sets the rate for the rest of the exchange, whatever its locations say (`set $limit_rate`).
    public void fixRate(long bytesPerSecond) {
        rate = bytesPerSecond;
        rateFixed = true;
    }
}
