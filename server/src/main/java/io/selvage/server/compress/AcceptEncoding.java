package io.selvage.server.compress;

import io.selvage.server.http.Headers;

/// Reads `Accept-Encoding` (RFC 9110 §12.5.3) as nginx does: a coding is acceptable only if it is named, and one with a malformed
/// weight is not. `*` and `identity` have no meaning, because an uncompressed response is never refused.
final class AcceptEncoding {
    private static final String NAME = "Accept-Encoding";
    /// The largest weight: 1.000.
    static final int FULL = 1000;

    private AcceptEncoding() {
    }

    /// The weight of a coding in thousandths; 0 if it is not acceptable.
    static int weight(Headers request, String coding) {
        int best = 0;
        for (int at = request.indexOf(NAME, 0); at >= 0; at = request.indexOf(NAME, at + 1)) {
            best = Math.max(best, weight(request.value(at), coding));
        }
        return best;
    }

    static int weight(String list, String coding) {
        int at = 0;
        while (at < list.length()) {
            int end = list.indexOf(',', at);
            end = end < 0 ? list.length() : end;
            int from = skipSpace(list, at, end);
            if (list.regionMatches(true, from, coding, 0, coding.length()) && from + coding.length() <= end) {
                int behind = skipSpace(list, from + coding.length(), end);
                if (behind == end) {
                    return FULL;
                }
                if (list.charAt(behind) == ';') {
                    return parameter(list, behind + 1, end);
                }
            }
            at = end + 1;
        }
        return 0;
    }

    private static int parameter(String list, int from, int end) {
        int at = skipSpace(list, from, end);
        boolean named = at + 1 < end && (list.charAt(at) | 0x20) == 'q' && list.charAt(at + 1) == '=';
        return named ? thousandths(list, at + 2, trimmedEnd(list, at + 2, end)) : 0;
    }

    /// `0`, `0.` or `1.` with up to three digits; 0 for what is no weight.
    private static int thousandths(String list, int from, int end) {
        if (from == end || end - from > 5 || list.charAt(from) != '0' && list.charAt(from) != '1'
                || end - from > 1 && list.charAt(from + 1) != '.') {
            return 0;
        }
        int weight = (list.charAt(from) - '0') * FULL;
        int unit = FULL / 10;
        for (int i = from + 2; i < end; i++) {
            char digit = list.charAt(i);
            if (digit < '0' || digit > '9') {
                return 0;
            }
            weight += (digit - '0') * unit;
            unit /= 10;
        }
        return weight > FULL ? 0 : weight;
    }

    private static int skipSpace(String list, int from, int end) {
        int at = from;
        while (at < end && (list.charAt(at) == ' ' || list.charAt(at) == '\t')) {
            at++;
        }
        return at;
    }

    private static int trimmedEnd(String list, int from, int end) {
        int at = end;
        while (at > from && (list.charAt(at - 1) == ' ' || list.charAt(at - 1) == '\t')) {
            at--;
        }
        return at;
    }
}
