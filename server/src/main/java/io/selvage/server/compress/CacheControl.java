package io.selvage.server.compress;

import io.selvage.server.http.Headers;

/// Looks for directives of `Cache-Control` (RFC 9111 §5.2).
final class CacheControl {
    private CacheControl() {
    }

    /// True if one of the fields has this directive, whatever its argument.
    static boolean has(Headers fields, String directive) {
        for (int at = fields.indexOf("Cache-Control", 0); at >= 0; at = fields.indexOf("Cache-Control", at + 1)) {
            if (has(fields.value(at), directive)) {
                return true;
            }
        }
        return false;
    }

    private static boolean has(String list, String directive) {
        int at = 0;
        while (at < list.length()) {
            int end = list.indexOf(',', at);
            end = end < 0 ? list.length() : end;
            while (at < end && (list.charAt(at) == ' ' || list.charAt(at) == '\t')) {
                at++;
            }
            int behind = at + directive.length();
            if (list.regionMatches(true, at, directive, 0, directive.length()) && behind <= end
                    && (behind == end || " \t=;".indexOf(list.charAt(behind)) >= 0)) {
                return true;
            }
            at = end + 1;
        }
        return false;
    }
}
