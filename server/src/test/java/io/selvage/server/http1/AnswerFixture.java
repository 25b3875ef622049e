package io.selvage.server.http1;

import io.selvage.server.http.Body;
import io.selvage.server.http.Handler;
import io.selvage.server.http.Headers;


/// One request and its answer, as the client receives it.
abstract class AnswerFixture extends ServeLoopFixture {
    static final String CHUNKED =
            "HTTP/1.1 200 OK\r\n" + DATE + "Transfer-Encoding: chunked\r\nConnection: keep-alive\r\n\r\n";

    /// `limit_rate` and `limit_rate_after`, in bytes.
    long rate;
    long rateAfter;

    final void answer(String method, String version, Headers headers, Body body) {
        serve(method, version, _ -> reply(200, headers, body));
    }

    final void serve(String method, String version, Handler handler) {
        client.sends(method + " / HTTP/" + version + "\r\nHost: a\r\n\r\n");
        serve(exchange -> {
            exchange.outcome().rate(rate, rateAfter);
            return handler.handle(exchange);
        });
    }
}
