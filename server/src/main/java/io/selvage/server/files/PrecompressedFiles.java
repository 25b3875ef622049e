package io.selvage.server.files;

import io.selvage.server.compress.CodingHeaders;
import io.selvage.server.compress.ContentCoding;
import io.selvage.server.compress.Eligibility;
import io.selvage.server.http.Answer;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Explanation;
import io.selvage.server.http.Failure;
import io.selvage.server.http.Handler;
import io.selvage.server.http.Headers;
import io.selvage.server.http.Method;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Answers with a file that was compressed beforehand and lies beside the one that is asked for, such as `a.css.gz` beside
/// `a.css` (`gzip_static`, `brotli_static`, `zstd_static`). Otherwise answers with the file itself.
///
/// @param files answers with the file itself
/// @param forms the codings; the client's weights come first, then this order
/// @param eligibility decides which clients get compressed files
/// @param vary whether a file with a compressed form gets `Vary: Accept-Encoding` (`gzip_vary`), unless its form is `always`
public record PrecompressedFiles(FileHandler files, List<Form> forms, Eligibility eligibility, boolean vary)
        implements Handler {

    /// @param always whether clients get it that do not accept the coding (`always`)
    public record Form(ContentCoding coding, boolean always) {
    }

    public PrecompressedFiles {
        forms = List.copyOf(forms);
    }

    @Override
    public Answer handle(Exchange exchange) throws Failure {
        Method method = exchange.routing().method();
        if (!method.equals(Method.GET) && !method.equals(Method.HEAD) || exchange.routing().path().endsWith("/")) {
            return files.handle(exchange);
        }
        boolean varies = false;
        for (Form form : inOrder(exchange)) {
            if (form.always || eligibility.allows(exchange, Headers.EMPTY, form.coding)) {
                Optional<Answer> found = files.precompressed(exchange, form.coding);
                if (found.isPresent()) {
                    return form.always || !vary ? found.get() : varying(found.get());
                }
            } else {
                varies |= vary && files.isPrecompressed(exchange, form.coding);
            }
        }
        return varies ? varying(files.handle(exchange)) : files.handle(exchange);
    }

    @Override
    public Answer explain(Exchange exchange, Explanation into) throws Failure {
        return new PrecompressedFiles(files.observed(exchange, into), forms, eligibility, vary).handle(exchange);
    }

    private List<Form> inOrder(Exchange exchange) {
        if (forms.size() == 1) {
            return forms;
        }
        List<Form> sorted = new ArrayList<>(forms);
        sorted.sort(Comparator.comparingInt(form -> -form.coding.weight(exchange.headers())));
        return sorted;
    }

    private static Answer varying(Answer answer) {
        return answer instanceof Answer.Reply reply
                ? reply.withHeaders(reply.head().headers().made(CodingHeaders.VARYING)) : answer;
    }
}
