package io.selvage.server.route;

import io.selvage.server.http.Answer.Reply;
import io.selvage.server.http.Answer.StatusOnly;
import io.selvage.server.http.Answer.Upgraded;
import io.selvage.server.http.Body;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Headers;
import io.selvage.server.http.ResponseHead;
import io.selvage.server.http.Status;
import io.selvage.server.observe.ErrorLog;
import io.selvage.server.observe.ExchangeLog;
import java.util.List;
import java.util.Optional;

/// What becomes of the answers of a location on their way out.
///
/// @param errorPages in their order; the first for a status counts
/// @param pagesOfPages whether an error page may have an error page (`recursive_error_pages`)
/// @param touches changes to the answer, first to last
/// @param redirects how our own redirects are written
/// @param server the product, as `Server` and the built-in pages tell it (`server_tokens`)
/// @param logs where the exchange is logged
/// @param errors where what went wrong is told
public record ResponsePolicy(List<ErrorPage> errorPages, boolean pagesOfPages, List<ResponseFilter> touches,
        Redirects redirects, String server,
        List<ExchangeLog> logs, ErrorLog errors) {
    public ResponsePolicy {
        errorPages = List.copyOf(errorPages);
        touches = List.copyOf(touches);
        logs = List.copyOf(logs);
    }

    /// No pages, no logs, nothing added but the name of the product.
    public static ResponsePolicy plain(String server) {
        return new ResponsePolicy(List.of(), false, List.of(), Redirects.DEFAULT, server, List.of(), ErrorLog.SILENT);
    }

    Optional<ErrorPage> errorPage(Status status) {
        return errorPages.stream().filter(page -> page.codes().contains(status.code())).findFirst();
    }

    /// The answer as it is sent.
    ///
    /// @param carried fields from an answer without words that this one took the place of
    Reply reply(Exchange exchange, Reply reply, Headers carried) {
        ResponseHead head = reply.head();
        if (exchange.routing().pageStatus().isPresent()) {
            head = head.withStatus(exchange.routing().pageStatus().get());
        }
        Headers fields = merged(head.headers(), carried);
        if (head.status().code() < 400) {
            fields = replaced(fields, exchange.upstream().replacements());
        }
        Reply touched = new Reply(head.withHeaders(fields), reply.body());
        exchange.outcome().head(touched.head());
        for (ResponseFilter touch : touches) {
            touched = touch.touch(exchange, touched);
            exchange.outcome().head(touched.head());
        }
        Reply named = touched.withHeaders(withServer(touched.head().headers()));
        exchange.outcome().head(named.head());
        return named;
    }

    /// The built-in page of a status.
    Reply page(Exchange exchange, StatusOnly bare) {
        Headers fields = redirects.written(bare.headers(), exchange);
        if (bare.status().code() < 300 || bare.status().isBodiless()) {
            return reply(exchange, new Reply(new ResponseHead(bare.status(), fields), Body.NONE), Headers.EMPTY);
        }
        String page = """
            <!DOCTYPE html>
            <html>
            <head><title>%1$s</title></head>
            <body>
            <center><h1>%1$s</h1></center>
            <hr><center>%2$s</center>
            </body>
            </html>
            """.formatted(bare.status(), server);
        Headers typed = fields.replacing("Content-Type", "text/html");
        return reply(exchange, new Reply(new ResponseHead(bare.status(), typed), Body.text(page)), Headers.EMPTY);
    }

    Upgraded upgraded(Exchange exchange, Upgraded upgraded) {
        ResponseHead head = upgraded.head().withHeaders(withServer(upgraded.head().headers()));
        exchange.outcome().head(head);
        return new Upgraded(head, upgraded.tunnel());
    }

    private Headers withServer(Headers headers) {
        return server.isEmpty() ? headers : headers.made(new WithServer(server));
    }

    private record WithServer(String server) implements Headers.Maker<Headers, RuntimeException> {
        @Override
        public Headers of(Headers fields) {
            if (fields.contains("Server")) {
                return fields;
            }
            Headers named = fields.with("Server", server);
            return fields.isLasting() ? named.lasting() : named;
        }
    }

    private static Headers merged(Headers headers, Headers carried) {
        Headers merged = headers;
        for (int i = 0; i < carried.size(); i++) {
            if (!headers.contains(carried.name(i))) {
                merged = merged.with(carried.name(i), carried.value(i));
            }
        }
        return merged;
    }

    private static Headers replaced(Headers headers, Headers others) {
        return others.size() == 0 ? headers : headers.without(others::contains).toBuilder().addAll(others).build();
    }
}
