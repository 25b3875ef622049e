package io.selvage.server.route;

import io.selvage.server.files.MimeTypes;
import io.selvage.server.http.Answer;
import io.selvage.server.http.Body;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Explanation;
import io.selvage.server.http.FilterResult;
import io.selvage.server.http.Headers;
import io.selvage.server.http.ResponseHead;
import io.selvage.server.http.Status;
import io.selvage.server.http.Text;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/// Responds with a status and a text, or with a redirect (`return`).
///
/// @param status 444 closes the connection without a response; 301, 302, 303, 307 and 308 redirect to the text
/// @param text the body or the redirect target; each `char` is one byte
/// @param types give the media type of the body, by the extension of the request's path
public record Return(Status status, Text text, MimeTypes types) implements RequestFilter, Rewrite {
    /// The status that closes the connection without a response.
    public static final int HANG_UP = 444;

    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
    private static final Text NOTHING = _ -> "";         // compared by identity: an empty text is a text

    /// A status without a text. From 400 on, an error page may replace the response.
    public static Return bare(Status status, MimeTypes types) {
        return new Return(status, NOTHING, types);
    }

    @Override
    public FilterResult filter(Exchange exchange) {
        return answer(exchange);
    }

    @Override
    public FilterResult run(Exchange exchange, Entry entry) {
        return answer(exchange);
    }

    @Override
    public String describe(Exchange exchange) {
        return "return " + status.code() + (text == NOTHING ? "" : " " + Explanation.written(text));
    }

    private Answer answer(Exchange exchange) {
        if (status.code() == HANG_UP) {
            return new Answer.CloseSilently();
        }
        // The text may have its own status in it.
        exchange.outcome().head(new ResponseHead(exchange.routing().pageStatus().orElse(status), Headers.EMPTY));
        if (REDIRECTS.contains(status.code())) {
            return new Answer.StatusOnly(status, Headers.of("Location", text.apply(exchange)));
        }
        if (status.code() >= 400 && text == NOTHING) {
            return new Answer.StatusOnly(status);
        }
        String type = types.of(exchange.routing().path());
        Headers fields = status.isBodiless() || type.isEmpty() ? Headers.EMPTY : Headers.of("Content-Type", type);
        byte[] bytes = text.apply(exchange).getBytes(StandardCharsets.ISO_8859_1);
        Body body = status.isBodiless() ? Body.NONE : new Body.Bytes(ByteBuffer.wrap(bytes));
        return new Answer.Reply(new ResponseHead(status, fields), body);
    }
}
