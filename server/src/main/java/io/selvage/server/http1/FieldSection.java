package io.selvage.server.http1;

import io.selvage.server.http.Headers;
import io.selvage.server.http.Refusal;
import io.selvage.server.http.Status;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Reads field lines up to the empty line behind them: those of a request, of an answer, of a trailer section (RFC 9112 §5).
///
/// Each complete line is used at once, so the window needs to hold one line only. A line that is not yet complete is
/// read again from its start.
final class FieldSection {

    /// How far it has come.
    enum Step { MORE, ENDED, REFUSED }

    private static final int NEED_MORE = -1;
    private static final int BAD = -2;

    private @Nullable Function<String, FieldRules> rulesOfHost;         // null if the rules do not depend on it
    private FieldRules rules;
    private final Headers.Builder fields = Headers.builder();
    private int count;
    private int bytes;                         // of all lines until now
    private int copied;                        // the place among the copied bytes of the byte 0 of the window
    private int used;
    private boolean ended;
    private boolean loneLf;
    private @Nullable Refusal refusal;         // set by the line that is refused

    /// @param bytesBefore of the start line, which count for the bound of the whole
    FieldSection(FieldRules rules, int bytesBefore) {
        this.rules = rules;
        this.bytes = bytesBefore;
    }

    /// Begins with the first line of another section.
    ///
    /// @param rulesOfHost the rules for the fields after `Host`, from its value; null to keep the same
    void begin(FieldRules first, int bytesBefore, @Nullable Function<String, FieldRules> rulesOfHost) {
        this.rules = first;
        this.bytes = bytesBefore;
        this.rulesOfHost = rulesOfHost;
        fields.clear();
        count = 0;
        used = 0;
        ended = false;
        loneLf = false;
        refusal = null;
    }

    /// Uses the complete lines of the window; [#used] is the number of their bytes.
    Step read(byte[] window, int from, int to) {
        int at = from;
        copied = fields.received() - from;
        while (!ended && refusal == null) {
            int next = line(window, at, to);
            if (next < 0) {
                break;
            }
            bytes += next - at;
            at = next;
            if (bytes > rules.maxBytes()) {
                refuse(Status.HEADER_FIELDS_TOO_LARGE, "too large a head");
            }
        }
        fields.received(window, from, at);
        used = at - from;
        return refusal != null ? Step.REFUSED : ended ? Step.ENDED : Step.MORE;
    }

    int used() {
        return used;
    }

    /// The bytes of all lines until now, with those before the first.
    int bytes() {
        return bytes;
    }

    /// The bytes that it may have to be shown at a time.
    int longestLine() {
        return rules.longestLine();
    }

    /// True if a line ended with a LF alone.
    boolean hasLoneLf() {
        return loneLf;
    }

    /// The fields until now.
    Headers headers() {
        return fields.build();
    }

    /// Holds the fields no longer, once they have ended and are in use elsewhere.
    void forget() {
        fields.forget();
    }

    Optional<Refusal> refusal() {
        return Optional.ofNullable(refusal);
    }

    /// Reads one line.
    ///
    /// @return where the next one starts, or [#NEED_MORE], or [#BAD]
    private int line(byte[] window, int from, int to) {
        int kinds = 0;
        int colon = from;
        for (; colon < to; colon++) {
            int kind = CharClasses.inToken(window[colon]);
            if (kind == 0) {
                break;
            }
            kinds |= kind;
        }
        if (colon == to) {
            return needMore(from, to);
        }
        if (window[colon] != ':' || colon == from) {
            return noField(window, from, colon, to);
        }
        int valueFrom = colon + 1;
        while (valueFrom < to && (window[valueFrom] == ' ' || window[valueFrom] == '\t')) {
            valueFrom++;
        }
        int at = endOfValue(window, valueFrom, to);
        int valueTo = at;
        while (valueTo > valueFrom && (window[valueTo - 1] == ' ' || window[valueTo - 1] == '\t')) {
            valueTo--;
        }
        int next = at == to ? NEED_MORE : endOfLine(window, at, to);
        if (next < 0) {
            return next == NEED_MORE ? needMore(from, to) : next;
        }
        if (isTooLong(next - from) || ++count > rules.maxFields()) {
            return refuse(Status.HEADER_FIELDS_TOO_LARGE, "too long a field or too many");
        }
        if (isKept(kinds)) {
            boolean usual = valueFrom == colon + 2 && window[colon + 1] == ' ';
            add(window, FieldNames.of(window, from, colon), valueFrom, valueTo, usual);
        }
        return next;
    }

    /// @param usual whether `": "` is between name and value
    private void add(byte[] window, String name, int from, int to, boolean usual) {
        if (usual && to + copied <= Headers.Builder.MOST_RECEIVED) {
            fields.addReceived(name, from + copied, to + copied);
        } else {
            fields.add(name, new String(window, from, to - from, StandardCharsets.ISO_8859_1));
        }
        if (rulesOfHost != null && Headers.same(name, "Host")) {
            rules = rulesOfHost.apply(new String(window, from, to - from, StandardCharsets.ISO_8859_1));
        }
    }

    private int endOfValue(byte[] window, int from, int to) {
        int at = CharClasses.endOfText(window, from, to);
        while (at < to && CharClasses.isControlInText(window[at]) && rules.lenient().contains(Leniency.CONTROL_IN_FIELD)) {
            at = CharClasses.endOfText(window, at + 1, to);
        }
        return at;
    }

    private boolean isKept(int kinds) {
        return ((kinds & CharClasses.UNDERSCORE) == 0 || rules.underscores())
                && ((kinds & CharClasses.ODD) == 0 || rules.oddNames());
    }

    /// A line whose first byte that is not of a token is no colon: the empty line, or a bad one.
    private int noField(byte[] window, int from, int at, int to) {
        byte octet = window[at];
        if (at > from) {
            return refuse(Status.BAD_REQUEST, "no colon behind the name of a field");
        }
        if (octet == '\r' || octet == '\n') {
            int next = endOfLine(window, at, to);
            ended = next > 0;
            return next == NEED_MORE ? needMore(from, to) : next;
        }
        return refuse(Status.BAD_REQUEST, octet == ' ' || octet == '\t' ? "a folded field" : "an invalid field name");
    }

    private int endOfLine(byte[] window, int at, int to) {
        return switch (window[at]) {
            case '\n' -> {
                loneLf = true;
                yield rules.lenient().contains(Leniency.LONE_LF) ? at + 1 : refuse(Status.BAD_REQUEST, "a lone LF");
            }
            case '\r' -> {
                if (at + 1 == to) {
                    yield NEED_MORE;
                }
                yield window[at + 1] == '\n' ? at + 2 : refuse(Status.BAD_REQUEST, "a lone CR");
            }
            default -> refuse(Status.BAD_REQUEST, "a control character in a field");
        };
    }

    private int needMore(int from, int to) {
        return isTooLong(to - from) ? refuse(Status.HEADER_FIELDS_TOO_LARGE, "too long a field") : NEED_MORE;
    }

    private boolean isTooLong(int length) {
        return length > rules.maxLine();
    }

    private int refuse(Status status, String reason) {
        refusal = new Refusal(status, reason);
        return BAD;
    }
}
