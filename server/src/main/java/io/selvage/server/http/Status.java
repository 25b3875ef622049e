package io.selvage.server.http;

import java.util.Map;

/// A status code with the phrase that stands behind it on the wire (RFC 9110 §15). The phrases are those of nginx where they
/// differ from the registered ones: logs and pages are searched for them.
///
/// @param code three digits, 100 to 999
/// @param reason the phrase; empty for codes that have none
public record Status(int code, String reason) {
    private static final Map<Integer, String> REASONS = Map.ofEntries(
            Map.entry(100, "Continue"), Map.entry(101, "Switching Protocols"), Map.entry(102, "Processing"),
            Map.entry(103, "Early Hints"),
            Map.entry(200, "OK"), Map.entry(201, "Created"), Map.entry(202, "Accepted"),
            Map.entry(203, "Non-Authoritative Information"), Map.entry(204, "No Content"),
            Map.entry(205, "Reset Content"), Map.entry(206, "Partial Content"),
            Map.entry(300, "Multiple Choices"), Map.entry(301, "Moved Permanently"), Map.entry(302, "Moved Temporarily"),
            Map.entry(303, "See Other"), Map.entry(304, "Not Modified"), Map.entry(307, "Temporary Redirect"),
            Map.entry(308, "Permanent Redirect"),
            Map.entry(400, "Bad Request"), Map.entry(401, "Unauthorized"), Map.entry(402, "Payment Required"),
            Map.entry(403, "Forbidden"), Map.entry(404, "Not Found"), Map.entry(405, "Not Allowed"),
            Map.entry(406, "Not Acceptable"), Map.entry(407, "Proxy Authentication Required"),
            Map.entry(408, "Request Time-out"), Map.entry(409, "Conflict"), Map.entry(410, "Gone"),
            Map.entry(411, "Length Required"), Map.entry(412, "Precondition Failed"),
            Map.entry(413, "Request Entity Too Large"), Map.entry(414, "Request-URI Too Large"),
            Map.entry(415, "Unsupported Media Type"), Map.entry(416, "Requested Range Not Satisfiable"),
            Map.entry(417, "Expectation Failed"), Map.entry(421, "Misdirected Request"),
            Map.entry(422, "Unprocessable Content"), Map.entry(425, "Too Early"), Map.entry(426, "Upgrade Required"),
            Map.entry(428, "Precondition Required"), Map.entry(429, "Too Many Requests"),
            Map.entry(431, "Request Header Fields Too Large"), Map.entry(451, "Unavailable For Legal Reasons"),
            Map.entry(500, "Internal Server Error"), Map.entry(501, "Not Implemented"), Map.entry(502, "Bad Gateway"),
            Map.entry(503, "Service Temporarily Unavailable"), Map.entry(504, "Gateway Time-out"),
            Map.entry(505, "HTTP Version Not Supported"), Map.entry(507, "Insufficient Storage"),
            Map.entry(508, "Loop Detected"), Map.entry(511, "Network Authentication Required"));

    private static final Status[] SHARED = new Status[600];

    static {
        for (int code = 100; code < SHARED.length; code++) {
            SHARED[code] = new Status(code, REASONS.getOrDefault(code, ""));
        }
    }

    public static final Status CONTINUE = of(100);
    public static final Status SWITCHING_PROTOCOLS = of(101);
    public static final Status OK = of(200);
    public static final Status NO_CONTENT = of(204);
    public static final Status PARTIAL_CONTENT = of(206);
    public static final Status MOVED_PERMANENTLY = of(301);
    public static final Status FOUND = of(302);
    public static final Status NOT_MODIFIED = of(304);
    public static final Status BAD_REQUEST = of(400);
    public static final Status UNAUTHORIZED = of(401);
    public static final Status FORBIDDEN = of(403);
    public static final Status NOT_FOUND = of(404);
    public static final Status METHOD_NOT_ALLOWED = of(405);
    public static final Status REQUEST_TIMEOUT = of(408);
    public static final Status PRECONDITION_FAILED = of(412);
    public static final Status CONTENT_TOO_LARGE = of(413);
    public static final Status URI_TOO_LONG = of(414);
    public static final Status RANGE_NOT_SATISFIABLE = of(416);
    public static final Status EXPECTATION_FAILED = of(417);
    public static final Status UPGRADE_REQUIRED = of(426);
    public static final Status HEADER_FIELDS_TOO_LARGE = of(431);
    /// Never sent: what the log says when the client went away before it was answered.
    public static final Status CLIENT_CLOSED = new Status(499, "");
    public static final Status INTERNAL_SERVER_ERROR = of(500);
    public static final Status NOT_IMPLEMENTED = of(501);
    public static final Status BAD_GATEWAY = of(502);
    public static final Status SERVICE_UNAVAILABLE = of(503);
    public static final Status GATEWAY_TIMEOUT = of(504);
    public static final Status VERSION_NOT_SUPPORTED = of(505);
    /// RFC 4918 §11.5.
    public static final Status INSUFFICIENT_STORAGE = of(507);

    public Status {
        if (code < 100 || code > 999) {
            throw new IllegalArgumentException("a status has three digits, was " + code);
        }
    }

    /// The status of this code, 100 to 999, with its phrase; codes of 600 and above have none.
    public static Status of(int code) {
        return code >= 100 && code < SHARED.length ? SHARED[code] : new Status(code, "");
    }

    /// What stands in the built-in page.
    public String title() {
        return switch (code) {
            case 302 -> "302 Found";
            case 401 -> "401 Authorization Required";
            default -> toString();
        };
    }

    /// True for 1xx, 101 included.
    public boolean isInterim() {
        return code < 200;
    }

    /// True for an interim response after which the final one follows on the same protocol: all but 101.
    public boolean isInformative() {
        return code < 200 && code != 101;
    }

    /// Whether an answer of this status never has a body (RFC 9110 §6.4.1).
    public boolean isBodiless() {
        return code < 200 || code == 204 || code == 304;
    }

    @Override
    public String toString() {
        return reason.isEmpty() ? Integer.toString(code) : code + " " + reason;
    }
}
