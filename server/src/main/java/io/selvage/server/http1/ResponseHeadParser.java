package io.selvage.server.http1;

import io.selvage.server.http.Refusal;
import io.selvage.server.http.ResponseHead;
import io.selvage.server.http.Status;
import io.selvage.server.http.Version;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads the head of one answer (RFC 9112 §4). It remembers what it has used, so each call shows it only what came behind.
/// A refusal of it is never shown to a client: its status is 431 where a bound was passed, else 400.
final class ResponseHeadParser {
    private final FieldRules rules;
    private final boolean statusLineNeeded;
    private Status status = Status.OK;
    private Version version = Version.HTTP_1_1;
    private boolean fieldsOnly;
    private @Nullable FieldSection fields;             // from the end of the status line on

    ResponseHeadParser(FieldRules rules) {
        this(rules, true);
    }

    /// @param statusLineNeeded whether an answer that begins with its fields, as CGI does, is none (RFC 3875 §6)
    ResponseHeadParser(FieldRules rules, boolean statusLineNeeded) {
        this.rules = rules;
        this.statusLineNeeded = statusLineNeeded;
    }

    /// Goes on with the bytes behind those that were used.
    Parsed<PeerHead> parse(byte[] window, int from, int to) {
        int at = from;
        FieldSection section = fields;
        if (section == null && !statusLineNeeded && !couldBeStatusLine(window, from, to)) {
            version = Version.HTTP_1_0;
            fieldsOnly = true;
            section = new FieldSection(rules, 0);
            fields = section;
        }
        if (section == null) {
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
            Optional<String> wrong = statusLine(new String(window, from, end - from, StandardCharsets.ISO_8859_1));
            if (wrong.isPresent()) {
                return bad(wrong.get());
            }
            at++;
            section = new FieldSection(rules, at - from);
            fields = section;
        }
        return switch (section.read(window, at, to)) {
            case MORE -> new Parsed.NeedMore<>(at - from + section.used());
            case REFUSED -> new Parsed.Refused<>(section.refusal().orElseThrow());
            case ENDED -> new Parsed.Head<>(new PeerHead(version, new ResponseHead(status(section), section.headers())),
                    at - from + section.used());
        };
    }

    /// That of the status line, or of CGI's redirect, which has a `Location` and may have nothing else (RFC 3875 §6.2.3).
    private Status status(FieldSection section) {
        return fieldsOnly && section.headers().contains("Location") ? Status.of(302) : status;
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
    private Optional<String> statusLine(String line) {
        boolean wellFormed = line.length() >= 12 && line.startsWith("HTTP/1.") && isDigit(line.charAt(7)) && line.charAt(8) == ' '
                && isDigit(line.charAt(9)) && isDigit(line.charAt(10)) && isDigit(line.charAt(11)) && line.charAt(9) != '0'
                && (line.length() == 12 || line.charAt(12) == ' ');
        if (!wellFormed || !CharClasses.isLineSafe(line)) {
            return Optional.of("an invalid status line");
        }
        if (line.length() == 12 && !rules.lenient().contains(Leniency.NO_SPACE_BEFORE_REASON)) {
            return Optional.of("a status line that ends behind its code");
        }
        version = line.charAt(7) == '0' ? Version.HTTP_1_0 : Version.HTTP_1_1;
        Status known = Status.of(Integer.parseInt(line, 9, 12, 10));
        String reason = line.length() > 13 ? line.substring(13) : "";
        status = known.reason().equals(reason) ? known : new Status(known.code(), reason);
        return Optional.empty();
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static Parsed<PeerHead> bad(String reason) {
        return new Parsed.Refused<>(new Refusal(Status.BAD_REQUEST, reason));
    }
}
