package io.selvage.server.http;

import java.util.Optional;
import java.util.OptionalLong;

/// Whether a request still wants an answer, judged by the validators of what is there (RFC 9110 §13.2.2).
///
/// @param request the fields of the request
/// @param etag of what is there, quotes included, `W/` in front of a weak one; empty for none
/// @param lastModified of what is there, as an IMF-fixdate; empty for none
/// @param now in seconds since 1970
public record Conditions(Headers request, String etag, String lastModified, long now) {

    /// Those of a request, for an answer with these fields.
    public static Conditions of(Exchange exchange, Headers answer) {
        return new Conditions(exchange.headers(), answer.first("ETag").orElse(""), answer.first("Last-Modified").orElse(""),
                exchange.startedMillis() / 1000);
    }

    /// What follows.
    public enum Verdict {
        /// Go on.
        SEND,
        /// 304: the client has it.
        NOT_MODIFIED,
        /// 412: the client counted on something else.
        FAILED
    }

    /// When a time in `If-Modified-Since` means that the client has the current version (`if_modified_since`).
    public enum Since {
        /// Never.
        OFF,
        /// When it is exactly the time of the last change.
        EXACT,
        /// When nothing has changed since then.
        BEFORE
    }

    /// The verdict on a GET or HEAD, in the order of the RFC: a condition on the tag makes the one on the time meaningless.
    public Verdict verdict(Since since) {
        Optional<String> match = request.joined("If-Match");
        if (match.isPresent() ? !isListed(match.get(), false) : isModifiedAfter(request.first("If-Unmodified-Since"))) {
            return Verdict.FAILED;
        }
        Optional<String> noneMatch = request.joined("If-None-Match");
        boolean has = noneMatch.isPresent()
                ? isListed(noneMatch.get(), true)
                : isSince(request.first("If-Modified-Since"), since);
        return has ? Verdict.NOT_MODIFIED : Verdict.SEND;
    }

    /// Whether ranges may be cut from what is there: the client's parts are of the same version, or it did not say
    /// (`If-Range`, RFC 9110 §13.1.5). The comparison is strong: a weak tag never counts.
    public boolean rangeHolds() {
        Optional<String> validator = request.first("If-Range");
        if (validator.isEmpty()) {
            return true;
        }
        String value = validator.get();
        if (value.endsWith("\"")) {
            return value.equals(etag) && !isWeak(etag);
        }
        return seconds(validator).isPresent() && isSince(validator, Since.EXACT);
    }

    /// A value that is no date counts as none.
    private boolean isModifiedAfter(Optional<String> date) {
        OptionalLong then = seconds(date);
        OptionalLong changed = seconds(Optional.of(lastModified));
        return then.isPresent() && changed.isPresent() && changed.getAsLong() > then.getAsLong();
    }

    private boolean isSince(Optional<String> date, Since since) {
        if (since == Since.OFF || date.isEmpty() || lastModified.isEmpty()) {
            return false;
        }
        if (date.get().equals(lastModified)) {
            return true;
        }
        OptionalLong then = seconds(date);
        OptionalLong changed = seconds(Optional.of(lastModified));
        return then.isPresent() && changed.isPresent() && (since == Since.EXACT
                ? changed.getAsLong() == then.getAsLong()
                : changed.getAsLong() <= then.getAsLong());
    }

    private OptionalLong seconds(Optional<String> date) {
        return date.isEmpty() ? OptionalLong.empty() : HttpDate.parse(date.get(), now);
    }

    /// Whether the tag of what is there stands in a list; `*` stands for every tag, and without a tag nothing does.
    private boolean isListed(String list, boolean weakly) {
        if (list.equals("*")) {
            return true;
        }
        if (etag.isEmpty() || isWeak(etag) && !weakly) {
            return false;
        }
        String opaque = opaque(etag);
        int at = 0;
        while (at < list.length()) {
            char c = list.charAt(at);
            if (c == ',' || c == ' ' || c == '\t') {
                at++;
                continue;
            }
            boolean weak = list.startsWith("W/", at);
            int open = weak ? at + 2 : at;
            int close = open < list.length() && list.charAt(open) == '"' ? list.indexOf('"', open + 1) : -1;
            if (close < 0) {
                return false;                              // from here on it is no list of tags
            }
            if ((weakly || !weak) && close + 1 - open == opaque.length() && list.startsWith(opaque, open)) {
                return true;
            }
            at = close + 1;
        }
        return false;
    }

    private static boolean isWeak(String tag) {
        return tag.startsWith("W/");
    }

    private static String opaque(String tag) {
        return isWeak(tag) ? tag.substring(2) : tag;
    }
}
