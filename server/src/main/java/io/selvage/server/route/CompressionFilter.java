package io.selvage.server.route;

import io.selvage.cache.FileVariants;
import io.selvage.server.compress.BodyReader;
import io.selvage.server.compress.CodedBody;
import io.selvage.server.compress.CodedFile;
import io.selvage.server.compress.CoderSpec;
import io.selvage.server.compress.CodingHeaders;
import io.selvage.server.compress.Compression;
import io.selvage.server.compress.Eligibility;
import io.selvage.server.http.Answer.Reply;
import io.selvage.server.http.Body;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Failure;
import io.selvage.server.http.Headers;
import io.selvage.server.http.Method;
import io.selvage.server.http.UncheckedFailure;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Compresses responses on the fly (`gzip`, `brotli`, `zstd`).
///
/// The coding with the highest weight in `Accept-Encoding` is used; of several with that weight, the first in the list. The
/// compressed form of a file in the cache is kept there. A response without `Content-Encoding` may be compressed if its status is
/// 200, 403 or 404, and `Cache-Control` does not contain `no-transform`.
///
/// @param codings the preferred one first; at least one
/// @param eligibility further conditions, for all codings
/// @param vary whether responses that may be compressed get `Vary: Accept-Encoding` (`gzip_vary`)
public record CompressionFilter(List<Compression> codings, Eligibility eligibility, boolean vary) implements ResponseFilter {
    /// A body in memory that is not longer is compressed as a whole, so that its length is announced.
    private static final int LONGEST_WHOLE = 64 << 10;

    public CompressionFilter {
        codings = List.copyOf(codings);
    }

    @Override
    public String directive() {
        return codings.stream().map(coding -> coding.spec().coding().toString()).collect(Collectors.joining(" "));
    }

    @Override
    public Reply filter(Exchange exchange, Reply reply) {
        if (!isCompressible(exchange, reply)) {
            return reply;
        }
        Headers fields = reply.head().headers();
        long length = length(reply);
        Compression best = null;
        int bestWeight = 0;
        boolean taken = false;
        for (int i = 0; i < codings.size(); i++) {
            Compression coding = codings.get(i);
            if (coding.takes(fields, length)) {
                taken = true;
                int weight = coding.weight(exchange);
                if (weight > bestWeight) {
                    best = coding;
                    bestWeight = weight;
                }
            }
        }
        return taken ? filter(exchange, reply, best) : reply;
    }

    @Override
    public String describe(Exchange exchange) {
        return codings.stream().map(coding -> coding.spec().coding() + " for " + coding.types().words() + " from "
                + coding.least()
                + " bytes: " + (coding.weight(exchange) > 0 ? "the client accepts it" : "the client does not accept it"))
                .collect(Collectors.joining("; "));
    }

    @Override
    public String whyUnchanged(Exchange exchange, Reply reply) {
        Headers fields = reply.head().headers();
        if (!isCompressible(exchange, reply)) {
            return fields.contains("Content-Encoding") ? "the response is compressed already"
                    : "not for a response with this status, body or Cache-Control";
        }
        long length = length(reply);
        if (codings.stream().noneMatch(coding -> coding.takes(fields, length))) {
            boolean type = codings.stream().anyMatch(coding -> coding.types().matches(fields));
            return type ? length + " bytes are too few" : "not for the type " + fields.first("Content-Type").orElse("(none)");
        }
        if (codings.stream().allMatch(coding -> coding.weight(exchange) == 0)) {
            return "the client does not accept " + codings.stream().map(coding -> coding.spec().coding().toString())
                    .collect(Collectors.joining(", "));
        }
        return eligibility.allows(exchange, fields) ? "" : "not for this client (its version, User-Agent, or a proxy before it)";
    }

    private Reply filter(Exchange exchange, Reply reply, @Nullable Compression best) {
        Headers fields = reply.head().headers();
        if (best == null || !eligibility.allows(exchange, fields)) {
            return plain(reply);
        }
        try {
            return compressed(exchange, reply, best.spec());
        } catch (Failure failure) {
            throw new UncheckedFailure(failure);
        }
    }

    private static boolean isCompressible(Exchange exchange, Reply reply) {
        int status = reply.head().status().code();
        return (status == 200 || status == 403 || status == 404)
                && !(reply.body() instanceof Body.Parts)
                && (isHead(exchange) || !(reply.body() instanceof Body.None))
                && !reply.head().headers().contains("Content-Encoding")
                && !Eligibility.forbidsTransformation(reply.head().headers());
    }

    private static boolean isHead(Exchange exchange) {
        return exchange.routing().method().equals(Method.HEAD);
    }

    /// The length of the content; -1 if it is not known. A response to HEAD may have a length without a body.
    private static long length(Reply reply) {
        if (!(reply.body() instanceof Body.None)) {
            return reply.body().length().orElse(-1);
        }
        String digits = reply.head().headers().first("Content-Length").orElse("");
        return digits.matches("[0-9]{1,18}") ? Long.parseLong(digits) : -1;
    }

    private Reply plain(Reply reply) {
        return vary ? reply.withHeaders(reply.head().headers().made(CodingHeaders.VARYING)) : reply;
    }

    private Reply compressed(Exchange exchange, Reply reply, CoderSpec spec) throws Failure {
        Body body = reply.body();
        var fields = new CodingHeaders.Compressed(spec.coding().token(), vary);
        FileVariants variants = variants(body);
        if (variants != FileVariants.NONE) {
            return sent(exchange, reply, CodedFile.of(body, variants, spec), fields);
        }
        if (isHead(exchange)) {
            body.close();
            return new Reply(reply.head().withHeaders(fields.of(reply.head().headers())), Body.NONE);
        }
        if (body instanceof Body.Bytes(var bytes, _) && bytes.remaining() <= LONGEST_WHOLE) {
            return sent(exchange, reply, CodedFile.made(body, spec), fields);
        }
        Optional<CodedBody> coded = CodedBody.compressed(BodyReader.of(body), spec);
        if (coded.isEmpty()) {
            return plain(reply);
        }
        exchange.outcome().coded(coded.get());
        return new Reply(reply.head().withHeaders(fields.of(reply.head().headers())), new Body.Stream(coded.get()));
    }

    private static Reply sent(Exchange exchange, Reply reply, CodedFile file, CodingHeaders.Compressed fields) {
        reply.body().close();
        exchange.outcome().coded(file);
        return new Reply(reply.head().withHeaders(file.fields(reply.head().headers(), fields)), file.body());
    }

    /// Where the compressed form of a body is kept.
    private static FileVariants variants(Body body) {
        return switch (body) {
            case Body.Bytes(var bytes, var variants) when bytes.remaining() <= CodedFile.LONGEST -> variants;
            case Body.FilePart(_, _, long count, _, _, var variants) when count <= CodedFile.LONGEST -> variants;
            case Body.None _, Body.Bytes _, Body.FilePart _, Body.Parts _, Body.Stream _ -> FileVariants.NONE;
        };
    }
}
