package io.selvage.server.http1;

import io.selvage.server.http.Headers;
import io.selvage.server.http.Refusal;
import io.selvage.server.http.ResponseHead;
import io.selvage.server.http.Status;
import io.selvage.server.http.Version;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Reads the heads of answers, one after another (RFC 9112 §4). It remembers what it has used, so each call shows it only what
/// came behind.
/// A refusal of it is never shown to a client: its status is 431 where a bound was passed, else 400.
final class ResponseHeadParser {
    private static final int CODE_END = 12;            // in `HTTP/1.1 200 OK`

    private final FieldSection fields;                 // from the end of the status line on
    private FieldRules rules;
    private boolean statusLineNeeded;
    private boolean inFields;
    private Status status = Status.OK;
    private Version version = Version.HTTP_1_1;
    private boolean fieldsOnly;

    ResponseHeadParser(FieldRules rules) {
        this(rules, true);
    }

    /// @param statusLineNeeded whether an answer that begins with its fields, as CGI does, is none (RFC 3875 §6)
    ResponseHeadParser(FieldRules rules, boolean statusLineNeeded) {
        this.fields = new FieldSection(rules, 0);
        this.rules = rules;
        this.statusLineNeeded = statusLineNeeded;
    }

    /// Begins with the first byte of another head. The parameters are those of the constructor.
    void begin(FieldRules current, boolean needed) {
        rules = current;
        statusLineNeeded = needed;
        inFields = false;
        fieldsOnly = false;
        status = Status.OK;
        version = Version.HTTP_1_1;
    }

    /// Goes on with the bytes behind those that were used.
    Parsed<PeerHead> parse(byte[] window, int from, int to) {
        int at = from;
        if (!inFields && !statusLineNeeded && !couldBeStatusLine(window, from, to)) {
            version = Version.HTTP_1_0;
            fieldsOnly = true;
            beginFields(0);
        }
        if (!inFields) {
            while (at < to && window[at] != '\n') {
                at++;
            }
            if (at - from > rules.maxLine()) {
                return new Parsed.Refused<>(new Refusal(Status.HEADER_FIELDS_TOO_LARGE, "too long a status line"));
            }
            if (at == to) {
                return couldBeStatusLine(window, from, to) ? new Parsed.NeedMore<>(0) : bad("no status line");
            }
            int end = at > from && window[at - 1] == '\r' ? at - 1 : at;
            Optional<String> wrong = statusLine(window, from, end);
            if (wrong.isPresent()) {
                return bad(wrong.get());
            }
            at++;
            beginFields(at - from);
        }
        return switch (fields.read(window, at, to)) {
            case MORE -> new Parsed.NeedMore<>(at - from + fields.used());
            case REFUSED -> new Parsed.Refused<>(fields.refusal().orElseThrow());
            case ENDED -> new Parsed.Head<>(head(fields.headers()), at - from + fields.used());
        };
    }

    private void beginFields(int bytesBefore) {
        inFields = true;
        fields.begin(rules, bytesBefore, null);
    }

    /// The status is that of the status line, or of CGI's redirect, which has a `Location` and may have nothing else
    /// (RFC 3875 §6.2.3).
    private PeerHead head(Headers headers) {
        Status given = fieldsOnly && headers.contains("Location") ? Status.of(302) : status;
        fields.forget();
        return new PeerHead(version, new ResponseHead(given, headers));
    }

    /// Whether the bytes begin as a status line does, so that a peer that speaks something else is not waited for.
    private static boolean couldBeStatusLine(byte[] window, int from, int to) {
        String start = "HTTP/1.";
        for (int i = 0; i < start.length() && from + i < to; i++) {
            if (window[from + i] != start.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /// Takes `HTTP/1.x SP 3DIGIT [SP reason]` apart; returns the error, if there is one.
    private Optional<String> statusLine(byte[] line, int from, int end) {
        int length = end - from;
        boolean wellFormed = length >= CODE_END && couldBeStatusLine(line, from, end) && isDigit(line[from + 7])
                && line[from + 8] == ' ' && line[from + 9] != '0' && isDigit(line[from + 9]) && isDigit(line[from + 10])
                && isDigit(line[from + 11]) && (length == CODE_END || line[from + CODE_END] == ' ');
        if (!wellFormed || !CharClasses.isLineSafe(line, from, end)) {
            return Optional.of("an invalid status line");
        }
        if (length == CODE_END && !rules.lenient().contains(Leniency.NO_SPACE_BEFORE_REASON)) {
            return Optional.of("a status line that ends behind its code");
        }
        version = line[from + 7] == '0' ? Version.HTTP_1_0 : Version.HTTP_1_1;
        Status known = Status.of(100 * (line[from + 9] - '0') + 10 * (line[from + 10] - '0') + line[from + 11] - '0');
        int reason = Math.min(from + CODE_END + 1, end);
        status = isSame(known.reason(), line, reason, end) ? known
                : new Status(known.code(), new String(line, reason, end - reason, StandardCharsets.ISO_8859_1));
        return Optional.empty();
    }

    private static boolean isSame(String text, byte[] line, int from, int end) {
        boolean same = text.length() == end - from;
        for (int i = 0; i < text.length() && same; i++) {
            same = text.charAt(i) == (line[from + i] & 0xff);
        }
        return same;
    }

    private static boolean isDigit(byte c) {
        return c >= '0' && c <= '9';
    }

    private static Parsed<PeerHead> bad(String reason) {
        return new Parsed.Refused<>(new Refusal(Status.BAD_REQUEST, reason));
    }
}
