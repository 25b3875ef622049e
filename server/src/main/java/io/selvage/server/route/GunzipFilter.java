package io.selvage.server.route;

import io.selvage.server.compress.BodyReader;
import io.selvage.server.compress.CodedBody;
import io.selvage.server.compress.CodingHeaders;
import io.selvage.server.compress.ContentCoding;
import io.selvage.server.compress.Eligibility;
import io.selvage.server.http.Answer.Reply;
import io.selvage.server.http.Body;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Headers;
import io.selvage.server.http.Method;
import io.selvage.server.http.Status;
import io.selvage.server.observe.ErrorLog;
import io.selvage.server.observe.Severity;

/// Decompresses responses with `Content-Encoding: gzip` for clients that do not accept it (`gunzip`).
///
/// @param eligibility decides which clients get compressed responses
/// @param vary whether responses with this coding get `Vary: Accept-Encoding` (`gzip_vary`)
/// @param errors where a response is reported that cannot be decompressed
public record GunzipFilter(Eligibility eligibility, boolean vary, ErrorLog errors) implements ResponseFilter {

    @Override
    public String directive() {
        return "gunzip";
    }

    @Override
    public Reply filter(Exchange exchange, Reply reply) {
        Headers fields = reply.head().headers();
        int at = fields.indexOf("Content-Encoding", 0);
        if (at < 0 || !fields.value(at).equalsIgnoreCase(ContentCoding.GZIP.token()) || !isWhole(exchange, reply)) {
            return reply;
        }
        if (eligibility.allows(exchange, fields, ContentCoding.GZIP)) {
            return vary ? reply.withHeaders(fields.made(CodingHeaders.VARYING)) : reply;
        }
        Headers plain = CodingHeaders.decompressed(fields);
        return new Reply(reply.head().withHeaders(vary ? CodingHeaders.VARYING.of(plain) : plain), body(exchange, reply.body()));
    }

    @Override
    public String describe(Exchange exchange) {
        return eligibility.allows(exchange, Headers.EMPTY, ContentCoding.GZIP) ? "not for this client, which accepts gzip"
                : "decompresses gzip for this client";
    }

    @Override
    public String whyUnchanged(Exchange exchange, Reply reply) {
        return reply.head().headers().contains("Content-Encoding") ? "" : "the response is not compressed";
    }

    /// True if the body, or the one that HEAD asks about, is all of the content.
    private static boolean isWhole(Exchange exchange, Reply reply) {
        Status status = reply.head().status();
        return !status.isBodiless() && !status.equals(Status.PARTIAL_CONTENT) && !(reply.body() instanceof Body.Parts)
                && (isHead(exchange) || !(reply.body() instanceof Body.None));
    }

    private static boolean isHead(Exchange exchange) {
        return exchange.routing().method().equals(Method.HEAD);
    }

    private Body body(Exchange exchange, Body compressed) {
        if (isHead(exchange)) {
            compressed.close();
            return Body.NONE;
        }
        return new Body.Stream(CodedBody.gunzipped(BodyReader.of(compressed), malformed -> {
            errors.log(Severity.ERROR, exchange, malformed.detail());
            return malformed.asLogged();
        }));
    }
}
