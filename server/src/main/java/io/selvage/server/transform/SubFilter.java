package io.selvage.server.transform;

import io.selvage.server.http.Answer.Reply;
import io.selvage.server.http.Body;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Headers;
import io.selvage.server.http.MediaTypeSet;
import io.selvage.server.http.Template;
import io.selvage.server.route.ResponseFilter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/// Replaces strings in the bodies of responses (`sub_filter`).
public final class SubFilter implements ResponseFilter {
    private final List<Pair> pairs;
    private final boolean once;
    private final boolean keepsLastModified;
    private final MediaTypeSet types;
    private final Optional<SearchStrings> fixed;           // if no search string has variables

    /// @param search is searched for without regard to case; each `char` is one byte
    /// @param replacement takes its place
    public record Pair(Template search, Template replacement) {
    }

    /// @param pairs in their order
    /// @param once true to replace each string once
    /// @param keepsLastModified true to keep `Last-Modified`, and a weak `ETag`
    /// @param types whose responses are changed
    public SubFilter(List<Pair> pairs, boolean once, boolean keepsLastModified, MediaTypeSet types) {
        this.pairs = List.copyOf(pairs);
        this.once = once;
        this.keepsLastModified = keepsLastModified;
        this.types = types;
        this.fixed = pairs.stream().allMatch(pair -> pair.search.isLiteral())
                ? Optional.of(new SearchStrings(pairs.stream().map(pair -> pair.search.start()).toList())) : Optional.empty();
    }

    @Override
    public String directive() {
        return "sub_filter";
    }

    @Override
    public String describe(Exchange exchange) {
        return "replaces in " + types.words();
    }

    @Override
    public String whyUnchanged(Exchange exchange, Reply reply) {
        return "not for this type, or nothing to search for";
    }

    @Override
    public boolean isForSubrequests() {
        return true;
    }

    @Override
    public Reply filter(Exchange exchange, Reply reply) {
        Headers fields = reply.head().headers();
        if (!types.matches(fields)) {
            return reply;
        }
        SearchStrings strings = fixed.orElseGet(() ->
                new SearchStrings(pairs.stream().map(pair -> pair.search.apply(exchange)).toList()));
        boolean empty = reply.body().length().orElse(1) == 0 && fields.first("Content-Length").orElse("0").equals("0");
        if (empty || strings.longest() == 0) {
            return reply;
        }
        Body body = reply.body() instanceof Body.None ? reply.body()
                : TransformedBody.of(reply.body(), new Substitution(strings, index -> replacement(exchange, index), once));
        return new Reply(reply.head().withHeaders(described(fields)), body);
    }

    private byte[] replacement(Exchange exchange, int index) {
        return pairs.get(index).replacement.apply(exchange).getBytes(StandardCharsets.ISO_8859_1);
    }

    private Headers described(Headers fields) {
        Headers unmeasured = fields.without(name ->
                Headers.same(name, "Content-Length") || Headers.same(name, "Accept-Ranges"));
        return keepsLastModified ? BodyChange.weakened(unmeasured)
                : unmeasured.without(name -> Headers.same(name, "Last-Modified") || Headers.same(name, "ETag"));
    }
}
