package io.selvage.server.http1;

import io.selvage.server.http.FieldNameSet;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// Field names that are met all the time, so that a head does not make a new string of each. A name is found in its usual
/// spelling and in lower case; any other spelling is kept as it came.
public final class FieldNames {
    private static final String[] USUAL = {
        "Accept", "Accept-Charset", "Accept-Encoding", "Accept-Language", "Accept-Ranges",
        "Access-Control-Allow-Credentials", "Access-Control-Allow-Headers", "Access-Control-Allow-Methods",
        "Access-Control-Allow-Origin", "Access-Control-Expose-Headers", "Access-Control-Max-Age",
        "Access-Control-Request-Headers", "Access-Control-Request-Method", "Age", "Allow", "Alt-Svc", "Authorization",
        "Cache-Control", "Connection", "Content-Disposition", "Content-Encoding", "Content-Language", "Content-Length",
        "Content-Location", "Content-Range", "Content-Security-Policy", "Content-Type", "Cookie", "DNT", "Date", "ETag",
        "Expect", "Expires", "Forwarded", "From", "Host", "If-Match", "If-Modified-Since", "If-None-Match", "If-Range",
        "If-Unmodified-Since", "Keep-Alive", "Last-Modified", "Link", "Location", "Max-Forwards", "Origin",
        "Permissions-Policy", "Pragma", "Priority", "Proxy-Authorization", "Range", "Referer", "Referrer-Policy",
        "Retry-After", "Sec-CH-UA", "Sec-CH-UA-Mobile", "Sec-CH-UA-Platform", "Sec-Fetch-Dest", "Sec-Fetch-Mode",
        "Sec-Fetch-Site", "Sec-Fetch-User", "Sec-WebSocket-Accept", "Sec-WebSocket-Extensions", "Sec-WebSocket-Key",
        "Sec-WebSocket-Protocol", "Sec-WebSocket-Version", "Server", "Server-Timing", "Set-Cookie",
        "Strict-Transport-Security", "TE", "Trailer", "Transfer-Encoding", "Upgrade", "Upgrade-Insecure-Requests",
        "User-Agent", "Vary", "Via", "WWW-Authenticate", "X-Content-Type-Options", "X-Forwarded-For", "X-Forwarded-Host",
        "X-Forwarded-Proto", "X-Frame-Options", "X-Powered-By", "X-Real-IP", "X-Request-ID", "X-Requested-With",
        "X-XSS-Protection"};

    /// Fields that a message's end has no say in: framing, routing, authentication, meaning of the content (RFC 9110 §6.5.1).
    private static final FieldNameSet NOT_FOR_TRAILERS = FieldNameSet.of("transfer-encoding", "content-length", "host",
            "trailer", "te", "connection", "keep-alive", "upgrade", "proxy-connection", "authorization", "proxy-authorization",
            "proxy-authenticate", "www-authenticate", "cookie", "set-cookie", "content-encoding", "content-type",
            "content-range", "cache-control", "expect", "max-forwards", "pragma", "range", "if-match", "if-none-match",
            "if-modified-since", "if-unmodified-since", "if-range", "age", "date", "expires", "location", "retry-after",
            "vary", "forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip");

    private static final int MASK = 1023;
    private static final String[] TABLE = new String[MASK + 1];

    static {
        for (String name : USUAL) {
            put(name);
            put(name.toLowerCase(Locale.ROOT));
        }
    }

    private FieldNames() {
    }

    /// The name of these bytes, of which there is at least one.
    public static String of(byte[] bytes, int from, int to) {
        for (int slot = slot(bytes, from, to); TABLE[slot] != null; slot = slot + 1 & MASK) {
            if (isSame(TABLE[slot], bytes, from, to)) {
                return TABLE[slot];
            }
        }
        return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }

    /// Whether a field of this name has no place in a trailer section (RFC 9110 §6.5.1).
    public static boolean isNotForTrailers(String name) {
        return NOT_FOR_TRAILERS.contains(name);
    }

    private static boolean isSame(String name, byte[] bytes, int from, int to) {
        if (name.length() != to - from) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            if (name.charAt(i) != bytes[from + i]) {
                return false;
            }
        }
        return true;
    }

    private static void put(String name) {
        int slot = slot(name.getBytes(StandardCharsets.ISO_8859_1), 0, name.length());
        while (TABLE[slot] != null) {
            slot = slot + 1 & MASK;
        }
        TABLE[slot] = name;
    }

    private static int slot(byte[] bytes, int from, int to) {
        return FieldNameSet.hash(to - from, bytes[from], bytes[from + (to - from) / 2], bytes[to - 1]) & MASK;
    }
}
