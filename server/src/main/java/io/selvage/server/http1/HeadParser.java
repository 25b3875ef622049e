package io.selvage.server.http1;

import io.selvage.server.http.Authority;
import io.selvage.server.http.ClientOptions;
import io.selvage.server.http.Headers;
import io.selvage.server.http.HostOptions;
import io.selvage.server.http.Method;
import io.selvage.server.http.Refusal;
import io.selvage.server.http.RequestHead;
import io.selvage.server.http.Status;
import io.selvage.server.http.Target;
import io.selvage.server.http.Targets;
import io.selvage.server.http.Version;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Reads the heads of requests, one after another (RFC 9112 §2 to §5). It remembers what it has used, so each call shows it what
/// came behind.
///
/// Bounds: a line, all lines, and the number of fields, all by [ClientOptions].
final class HeadParser {
    /// Longer methods exist nowhere (RFC 9112 §3: 501).
    private static final int MAX_METHOD = 32;
    private static final int MAX_LOGGED = 1024;
    private static final int MAX_EMPTY_LINES = 8;
    private static final Target NOWHERE = new Target(Target.Form.ORIGIN, "", "/", "", "");
    private static final Method UNKNOWN = Method.of("");
    private static final String GET = Method.GET.name();
    private static final String NEWEST = "HTTP/1.1";

    private final FieldSection fields;                 // from the end of the request line on
    private ClientOptions options;
    private FieldRules fieldRules;
    private HostOptions hosts;
    private boolean inFields;                          // the request line was read
    private int emptyLines;                            // before the request line
    private boolean loneLf;                            // ends a line before the fields
    private int size;                                  // of what was used before the fields
    private String requestLine = "";
    private Method method = UNKNOWN;
    private Target target = NOWHERE;
    private Version version = Version.HTTP_1_0;
    private String lastHost = "";                      // the value of the last `Host`, and what it means: clients repeat it
    private Optional<Authority> lastAuthority = Optional.empty();

    HeadParser(ClientOptions options) {
        this(options, FieldRules.ofClient(options), HostOptions.SAME);
    }

    /// @param fieldRules those of `options`
    /// @param hosts options for what follows the host
    HeadParser(ClientOptions options, FieldRules fieldRules, HostOptions hosts) {
        this.fields = new FieldSection(fieldRules, 0);
        this.options = options;
        this.fieldRules = fieldRules;
        this.hosts = hosts;
    }

    /// Begins with the first byte of another head. The parameters are those of the constructor.
    void begin(ClientOptions current, FieldRules rules, HostOptions hostOptions) {
        options = current;
        fieldRules = rules;
        hosts = hostOptions;
        inFields = false;
        emptyLines = 0;
        loneLf = false;
        size = 0;
        requestLine = "";
        method = UNKNOWN;
        target = NOWHERE;
        version = Version.HTTP_1_0;
    }

    /// Goes on with the bytes behind those that were used.
    Parsed<RequestHead> parse(byte[] window, int from, int to) {
        int at = from;
        if (!inFields) {
            int eol = endOfRequestLine(window, from, to);
            if (eol == from && emptyLines < MAX_EMPTY_LINES && eol < to) {
                return afterEmptyLine(window, from, to);
            }
            if (to > from && CharClasses.inToken(window[from]) == 0) {
                requestLine = text(window, from, Math.min(eol, from + MAX_LOGGED));
                return new Parsed.Refused<>(refusal("no HTTP request"));
            }
            at = eol < to && window[eol] == '\r' ? eol + 2 : eol + 1;
            if (at - from > fieldRules.maxLine()) {
                return tooLong(window, from, to);
            }
            if (at > to) {
                return new Parsed.NeedMore<>(0);
            }
            requestLine = text(window, from, eol);
            Optional<Refusal> wrong = window[at - 1] == '\n' ? startLine(requestLine) : bad("a lone CR in a request line");
            if (wrong.isPresent()) {
                return new Parsed.Refused<>(wrong.get());
            }
            size += at - from;
            loneLf |= window[eol] == '\n';
        }
        return fields(window, from, at, to);
    }

    /// The bytes that it may have to be shown at a time.
    int longestLine() {
        return inFields ? fields.longestLine() : fieldRules.longestLine();
    }

    /// What is known of a head that is incomplete or was refused: an empty method and the root as target where those are not.
    RequestHead soFar() {
        Headers headers = inFields ? fields.headers() : Headers.EMPTY;
        Optional<String> host = target.form() == Target.Form.ABSOLUTE ? Optional.of(target.authority()) : headers.first("Host");
        return head(headers, host.flatMap(Authority::parse));
    }

    private RequestHead head(Headers headers, Optional<Authority> host) {
        return new RequestHead(method, target, version, headers, host, requestLine, inFields ? fields.bytes() : size,
                loneLf || inFields && fields.hasLoneLf());
    }

    private Parsed<RequestHead> fields(byte[] window, int from, int at, int to) {
        if (!inFields) {
            inFields = true;
            beginFields();
        }
        return switch (fields.read(window, at, to)) {
            case MORE -> new Parsed.NeedMore<>(at - from + fields.used());
            case REFUSED -> new Parsed.Refused<>(fields.refusal().orElseThrow());
            case ENDED -> whole(fields.headers(), at - from + fields.used());
        };
    }

    private void beginFields() {
        if (hosts == HostOptions.SAME) {
            fields.begin(fieldRules, size, null);
        } else if (target.form() == Target.Form.ABSOLUTE) {
            fields.begin(rulesOf(target.authority()), size, null);
        } else {
            fields.begin(fieldRules, size, this::rulesOf);
        }
    }

    private FieldRules rulesOf(String host) {
        return Authority.parse(host).flatMap(hosts::of).map(head -> FieldRules.ofClient(options.head().bufferSize(), head))
                .orElse(fieldRules);
    }

    private Parsed<RequestHead> afterEmptyLine(byte[] window, int from, int to) {
        int next = window[from] == '\n' ? from + 1 : from + 2;
        if (next > to) {
            return new Parsed.NeedMore<>(0);
        }
        if (window[next - 1] != '\n') {
            return new Parsed.Refused<>(refusal("a lone CR before the request line"));
        }
        emptyLines++;
        loneLf |= next == from + 1;
        size += next - from;
        return switch (parse(window, next, to)) {
            case Parsed.NeedMore(int used) -> new Parsed.NeedMore<>(next - from + used);
            case Parsed.Head(RequestHead head, int used) -> new Parsed.Head<>(head, next - from + used);
            case Parsed.Refused<RequestHead> refused -> refused;
        };
    }

    private Parsed<RequestHead> tooLong(byte[] window, int from, int to) {
        requestLine = text(window, from, Math.min(to, from + MAX_LOGGED));
        return new Parsed.Refused<>(new Refusal(Status.URI_TOO_LONG, "too long a request line"));
    }

    private Optional<Refusal> startLine(String line) {
        int space = line.indexOf(' ');
        int second = line.indexOf(' ', space + 1);
        if (space < 0 || second < 0) {
            return bad("a request line without a version");
        }
        Optional<Refusal> wrong = method(line, space);
        if (wrong.isPresent()) {
            return wrong;
        }
        Optional<Refusal> unknown = isNewest(line, second + 1) ? Optional.empty() : version(line.substring(second + 1));
        Optional<Refusal> nowhere = target(line.substring(space + 1, second));
        return nowhere.isPresent() ? nowhere : unknown;    // a version is refused only where the rest is a request line
    }

    private Optional<Refusal> method(String line, int end) {
        if (end == GET.length() && line.startsWith(GET)) {
            method = Method.GET;
            return Optional.empty();
        }
        String token = line.substring(0, end);
        if (!CharClasses.isMethod(token)) {
            return bad("an invalid method");
        }
        if (token.length() > MAX_METHOD) {
            return Optional.of(new Refusal(Status.NOT_IMPLEMENTED, "too long a method"));
        }
        method = Method.of(token);
        return Optional.empty();
    }

    private boolean isNewest(String line, int from) {
        boolean newest = line.length() - from == NEWEST.length() && line.endsWith(NEWEST);
        if (newest) {
            version = Version.HTTP_1_1;
        }
        return newest;
    }

    private Optional<Refusal> version(String text) {
        if (text.equals("HTTP/1.0")) {
            return Optional.empty();
        }
        boolean wellFormed = text.length() == 8 && text.startsWith("HTTP/") && text.charAt(6) == '.'
                && isDigit(text.charAt(5)) && isDigit(text.charAt(7));
        if (wellFormed && text.charAt(5) == '1') {
            version = Version.HTTP_1_1;                // a higher minor version (RFC 9110 §2.5)
            return Optional.empty();
        }
        return wellFormed && text.charAt(5) > '1'
                ? Optional.of(new Refusal(Status.VERSION_NOT_SUPPORTED, "an unsupported version"))
                : bad("an invalid version");
    }

    private Optional<Refusal> target(String raw) {
        if (method.equals(Method.CONNECT)) {
            boolean hasPort = Authority.parse(raw).filter(authority -> authority.port() > 0).isPresent();
            return hasPort ? notAllowed() : bad("CONNECT without host and port");
        }
        switch (Targets.parse(raw, options.head().mergeSlashes())) {
            case Targets.Reading.Refused(Refusal why) -> {
                return Optional.of(why);
            }
            case Targets.Reading.Valid(Target valid) -> target = valid;
        }
        if (target.form() == Target.Form.ASTERISK && !method.equals(Method.OPTIONS)) {
            return bad("an asterisk that is not the target of OPTIONS");
        }
        return method.equals(Method.TRACE) ? notAllowed() : Optional.empty();
    }

    /// Judges what can be judged only with all fields at hand (RFC 9112 §3.2). The authority of an absolute-form target takes the
    /// place of the value of `Host`, so that nothing behind this parser sees another host (RFC 9112 §3.2.2).
    private Parsed<RequestHead> whole(Headers headers, int used) {
        int at = headers.indexOf("Host", 0);
        if (at < 0 && version != Version.HTTP_1_0) {
            return new Parsed.Refused<>(refusal("HTTP/1.1 without a Host"));
        }
        if (at >= 0 && headers.indexOf("Host", at + 1) >= 0) {
            return new Parsed.Refused<>(refusal("more than one Host"));
        }
        Optional<Authority> host = at < 0 ? Optional.empty() : authority(headers, at);
        if (at >= 0 && host.isEmpty()) {
            return new Parsed.Refused<>(refusal("an invalid Host"));
        }
        RequestHead complete = target.form() == Target.Form.ABSOLUTE
                ? head(headers.replacing("Host", target.authority()), Authority.parse(target.authority())) : head(headers, host);
        fields.forget();
        return new Parsed.Head<>(complete, used);
    }

    private Optional<Authority> authority(Headers headers, int at) {
        if (!headers.hasValue(at, lastHost)) {
            lastHost = headers.value(at);
            lastAuthority = Authority.parse(lastHost);
        }
        return lastAuthority;
    }

    private static int endOfRequestLine(byte[] window, int from, int to) {
        int at = from;
        while (at < to && window[at] != '\n' && window[at] != '\r') {
            at++;
        }
        return at;
    }

    private static String text(byte[] window, int from, int to) {
        return new String(window, from, to - from, StandardCharsets.ISO_8859_1);
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static Optional<Refusal> notAllowed() {
        return Optional.of(new Refusal(Status.METHOD_NOT_ALLOWED, "a method that is never served"));
    }

    private static Optional<Refusal> bad(String reason) {
        return Optional.of(refusal(reason));
    }

    private static Refusal refusal(String reason) {
        return new Refusal(Status.BAD_REQUEST, reason);
    }
}
