package io.selvage.server.route;

import io.selvage.server.http.Answer;
import io.selvage.server.http.Body;
import io.selvage.server.http.ConnectionCounts;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Explanation;
import io.selvage.server.http.Handler;
import io.selvage.server.http.Headers;
import io.selvage.server.http.Method;
import io.selvage.server.http.ResponseHead;
import io.selvage.server.http.Status;

/// Answers with the numbers of connections and requests, as nginx writes them (`stub_status`).
public final class StubStatus implements Handler {
    static final Answer NOT_ALLOWED = new Answer.StatusOnly(Status.METHOD_NOT_ALLOWED, Headers.of("Allow", "GET, HEAD"));

    @Override
    public Answer explain(Exchange exchange, Explanation into) {
        into.add("content", "stub_status", "").with("handler", "stub_status");
        return handle(exchange);
    }

    @Override
    public Answer handle(Exchange exchange) {
        if (!isRead(exchange)) {
            return NOT_ALLOWED;
        }
        ConnectionCounts now = exchange.client().connections();
        String text = "Active connections: " + now.active() + " \nserver accepts handled requests\n " + now.accepted() + " "
                + now.accepted() + " " + now.requests() + " \nReading: " + now.reading() + " Writing: " + now.writing()
                + " Waiting: " + now.waiting() + " \n";
        return new Answer.Reply(new ResponseHead(Status.OK, Headers.of("Content-Type", "text/plain")), Body.text(text));
    }

    /// True for GET and HEAD.
    static boolean isRead(Exchange exchange) {
        Method method = exchange.routing().method();
        return method.equals(Method.GET) || method.equals(Method.HEAD);
    }
}
