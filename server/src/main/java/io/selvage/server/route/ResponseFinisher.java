package io.selvage.server.route;

import io.selvage.server.http.Answer;
import io.selvage.server.http.Answer.Reply;
import io.selvage.server.http.Answer.StatusOnly;
import io.selvage.server.http.Answer.Upgraded;
import io.selvage.server.http.Body;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Headers;
import io.selvage.server.http.ResponseHead;
import io.selvage.server.http.Status;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Makes of a handler's answer what the client gets: status and fields of error pages, response filters, the value of `Server`.
final class ResponseFinisher {
    /// With the line ends of nginx, like the words: programs compare such pages.
    private static final String PAGE = """
            <html>
            <head><title>%1$s</title></head>
            <body>
            <center><h1>%1$s</h1></center>
            <hr><center>%2$s</center>
            </body>
            </html>
            """.replace("\n", "\r\n");
    /// What is wrong with TLS, by nginx's own statuses. The client sees 400 with this page.
    private static final Map<Integer, String> TLS_TROUBLE = Map.of(
            495, "The SSL certificate error",
            496, "No required SSL certificate was sent",
            497, "The plain HTTP request was sent to HTTPS port");
    private static final String TLS_PAGE = """
            <html>
            <head><title>400 %1$s</title></head>
            <body>
            <center><h1>400 Bad Request</h1></center>
            <center>%1$s</center>
            <hr><center>%2$s</center>
            </body>
            </html>
            """.replace("\n", "\r\n");

    private ResponseFinisher() {
    }

    /// The answer as it is sent.
    ///
    /// @param location whose answer it is
    /// @param ofStatus fields of a status that this answer is the error page for
    /// @return anything but a reply is from a filter, and to be followed
    static Answer reply(Exchange exchange, Location location, Reply reply, Headers ofStatus) {
        Reply filtered = reply;
        try {
            filtered = presented(exchange, reply, ofStatus);
            List<ResponseFilter> filters = location.responseFilters();
            boolean subrequest = exchange.isSubrequest();
            for (int i = 0; i < filters.size(); i++) {
                if (subrequest && !filters.get(i).isForSubrequests()) {
                    continue;
                }
                exchange.outcome().head(filtered.head());
                Answer answer = filters.get(i).filter(exchange, filtered);
                if (!(answer instanceof Reply changed)) {
                    return answer;
                }
                filtered = changed;
            }
            exchange.outcome().server(location.policy().product().apply(exchange));
        } catch (RuntimeException | Error e) {
            filtered.body().close();                           // nobody else gets it: a file or a peer's connection
            throw e;
        }
        exchange.outcome().head(filtered.head());
        return filtered;
    }

    /// The reply with the status of an error page, and with fields that came on the way to it.
    private static Reply presented(Exchange exchange, Reply reply, Headers ofStatus) {
        Optional<Status> pageStatus = exchange.routing().pageStatus();
        if (pageStatus.isPresent() && pageStatus.get().isBodiless()) {
            reply.body().close();
            return new Reply(new ResponseHead(pageStatus.get(), reply.head().headers().without("Content-Type")), Body.NONE);
        }
        ResponseHead head = pageStatus.isPresent() ? reply.head().withStatus(pageStatus.get()) : reply.head();
        Headers fields = merged(pageStatus.isPresent() && head.status().code() >= 300
                ? head.headers().without("Last-Modified") : head.headers(), ofStatus);      // it is the date of the page
        Headers carried = exchange.upstream().redirectFields();
        if (carried.size() > 0) {
            fields = withRedirectFields(fields, head.status(), carried);
        }
        return head == reply.head() && fields == head.headers() ? reply : new Reply(head.withHeaders(fields), reply.body());
    }

    /// The built-in page of a status, before it is finished.
    static Reply builtInPage(Exchange exchange, ResponsePolicy policy, StatusOnly answer) {
        Headers fields = policy.redirects().written(answer.headers(), exchange);
        Status status = answer.status();
        String trouble = TLS_TROUBLE.get(status.code());
        if (trouble != null) {
            String page = TLS_PAGE.formatted(trouble, policy.product().apply(exchange));
            return new Reply(new ResponseHead(Status.BAD_REQUEST, fields.replacing("Content-Type", "text/html")),
                    Body.text(page));
        }
        if (status.code() < 300 || status.isBodiless() || status.reason().isEmpty()) {
            return new Reply(new ResponseHead(status, fields), Body.NONE);
        }
        String page = PAGE.formatted(status.title(), policy.product().apply(exchange));
        return new Reply(new ResponseHead(status, fields.replacing("Content-Type", "text/html")), Body.text(page));
    }

    static Upgraded upgraded(Exchange exchange, ResponsePolicy policy, Upgraded upgraded) {
        exchange.outcome().server(policy.product().apply(exchange));
        exchange.outcome().head(upgraded.head());
        return upgraded;
    }

    private static Headers merged(Headers headers, Headers others) {
        Headers merged = headers;
        for (int i = 0; i < others.size(); i++) {
            if (!headers.contains(others.name(i))) {
                merged = merged.with(others.name(i), others.value(i));
            }
        }
        return merged;
    }

    /// The fields with those of the response that redirected the request here. They describe the content that was asked for: an
    /// error, or a redirect of the client, is something else and gets the cookies only. Cookies are added, the others replace.
    private static Headers withRedirectFields(Headers headers, Status status, Headers carried) {
        Headers taken = status.code() < 300 ? carried : carried.without(name -> !isCookie(name));
        return Headers.builder().addAll(taken).addAllBut(name -> taken.contains(name) && !isCookie(name), headers).build();
    }

    private static boolean isCookie(String name) {
        return Headers.same(name, "Set-Cookie");
    }
}
