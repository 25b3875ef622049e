package io.selvage.server.http2;

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
import io.selvage.server.http1.CharClasses;
import java.util.List;
import java.util.Optional;

/// Makes a request of the fields of a header block (RFC 9113 §8.2, §8.3.1). Call [#begin], pass it to a [HpackDecoder], call
/// [#finish]. Used by one thread at a time.
///
/// The rules for names and targets are those for HTTP/1, by the options of the site that the request is for. Bounds: the number
/// of fields, and each line of a head as it would be in HTTP/1.
public final class RequestAssembler implements FieldSink {
    private static final int MAX_METHOD = 32;
    private static final Target NOWHERE = new Target(Target.Form.ORIGIN, "", "/", "", "");

    private final ClientOptions.Head defaults;
    private final HostOptions hosts;
    private ClientOptions.Head rules;
    private Headers.Builder fields = Headers.builder();
    private Pseudo pseudo = new Pseudo();
    private String host = "";                              // of `Host`
    private boolean hasHost;
    private String cookie = "";
    private long contentLength = -1;
    private int count;                                     // of fields without pseudo-header fields, dropped ones included
    private boolean inFields;                              // behind the pseudo-header fields
    private boolean tooLarge;                              // not all fields are known
    private String fault = "";                             // makes it malformed
    private Optional<Refusal> refusal = Optional.empty();

    /// @param defaults of the listener's default site
    /// @param hosts what other sites do differently
    public RequestAssembler(ClientOptions.Head defaults, HostOptions hosts) {
        this.defaults = defaults;
        this.hosts = hosts;
        this.rules = defaults;
    }

    /// Forgets the request before.
    public void begin() {
        rules = defaults;
        fields = Headers.builder();
        pseudo = new Pseudo();
        host = "";
        hasHost = false;
        cookie = "";
        contentLength = -1;
        count = 0;
        inFields = false;
        tooLarge = false;
        fault = "";
        refusal = Optional.empty();
    }

    @Override
    public void field(String name, String value, int traits) {
        boolean isPseudo = (traits & FieldTraits.PSEUDO) != 0;
        count += isPseudo ? 0 : 1;
        if (count > rules.maxFields() || isTooLong(name, value)) {
            tooLarge = true;
            refuse(name.equals(":path") ? Status.URI_TOO_LONG : Status.HEADER_FIELDS_TOO_LARGE, "too long a field or too many");
        } else if (isPseudo) {
            fail(inFields ? "a pseudo-header field behind a field" : pseudo.set(name, value, traits));
        } else {
            beginFields();
            regular(name, value, traits);
        }
    }

    /// The request of the fields since [#begin].
    ///
    /// @param complete what [HpackDecoder#decode] said: false if there were too many fields
    /// @param endStream true if there is no body
    /// @param size bytes of the frames on the wire
    public AssembledRequest finish(boolean complete, boolean endStream, int size) {
        beginFields();
        if (!cookie.isEmpty()) {
            fields.add("cookie", cookie);
        }
        if (endStream && contentLength > 0) {
            fail("Content-Length without DATA");
        }
        fail(pseudo.fault());
        if (!complete) {
            tooLarge = true;
            refuse(Status.HEADER_FIELDS_TOO_LARGE, "too large a head");
        }
        return conclude(size);
    }

    private AssembledRequest conclude(int size) {
        Method method = method();
        String authority = pseudo.hasAuthority() ? pseudo.authority() : host;
        Optional<Authority> parsed = authority.isEmpty() ? Optional.empty() : Authority.parse(authority);
        if (parsed.isEmpty()) {
            refuse(Status.BAD_REQUEST, authority.isEmpty() ? "neither :authority nor Host" : "an invalid :authority or Host");
        }
        Target target = method.equals(Method.CONNECT) && pseudo.protocol().isEmpty() ? NOWHERE : target(method);
        String named = pseudo.path().isEmpty() ? pseudo.authority() : pseudo.path();
        String line = pseudo.method() + ' ' + named + ' ' + Version.HTTP_2;
        RequestHead head = new RequestHead(method, target, Version.HTTP_2, fields.build(), parsed, line, size, false);
        if (!fault.isEmpty() && !tooLarge) {
            return new AssembledRequest.Malformed(fault, head);
        }
        return refusal.isPresent() ? new AssembledRequest.Refused(refusal.get(), head)
                : new AssembledRequest.Valid(head, pseudo.scheme(), pseudo.protocol(), contentLength);
    }

    private Method method() {
        if (!CharClasses.isMethod(pseudo.method())) {
            refuse(Status.BAD_REQUEST, "an invalid method");
            return Method.of("");
        }
        if (pseudo.method().length() > MAX_METHOD) {
            refuse(Status.NOT_IMPLEMENTED, "too long a method");
            return Method.of("");
        }
        Method method = Method.of(pseudo.method());
        if (method.equals(Method.TRACE) || method.equals(Method.CONNECT) && pseudo.protocol().isEmpty()) {
            refuse(Status.METHOD_NOT_ALLOWED, "a method that is never served");
        }
        return method;
    }

    private Target target(Method method) {
        String path = pseudo.path();
        if (!path.startsWith("/") && !(path.equals("*") && method.equals(Method.OPTIONS)) || FieldChecks.isPathBroken(path)) {
            fail("an invalid :path");
            return NOWHERE;
        }
        return switch (Targets.parse(path, rules.mergeSlashes())) {
            case Targets.Reading.Valid(Target valid) -> valid;
            case Targets.Reading.Refused(Refusal why) -> {
                refuse(why.status(), why.reason());
                yield NOWHERE;
            }
        };
    }

    /// The rules of the site hold from here on, and its name stands first.
    private void beginFields() {
        if (!inFields) {
            inFields = true;
            if (pseudo.hasAuthority()) {
                fields.add("Host", pseudo.authority());
                useRulesOf(pseudo.authority());
            }
        }
    }

    private void regular(String name, String value, int traits) {
        String wrong = FieldChecks.fault(name, value, traits);
        if (!wrong.isEmpty()) {
            fail(wrong);
        } else if ((traits & FieldTraits.CONTROL_IN_VALUE) != 0) {
            refuse(Status.BAD_REQUEST, "a control character in a field");
        } else {
            switch (name) {
                case "host" -> host(value);
                case "cookie" -> cookie = cookie.isEmpty() ? value : cookie + "; " + value;
                case "content-length" -> contentLength(name, value);
                default -> {
                    if (isKept(traits)) {
                        fields.add(name, value);
                    }
                }
            }
        }
    }

    private boolean isKept(int traits) {
        return (traits & (FieldTraits.UNDERSCORE | FieldTraits.ODD)) == 0 || !rules.ignoreInvalid()
                || (traits & FieldTraits.ODD) == 0 && rules.underscores();
    }

    private void host(String value) {
        if (hasHost) {
            fail("more than one Host");
        } else if (!pseudo.hasAuthority()) {
            host = value;
            fields.add("Host", value);
            useRulesOf(value);
        } else if (!value.equalsIgnoreCase(pseudo.authority())) {
            fail("Host differs from :authority");
        }
        hasHost = true;
    }

    private void contentLength(String name, String value) {
        long length = FieldChecks.contentLength(value);
        if (length < 0 || contentLength >= 0) {
            fail(length < 0 ? "an invalid Content-Length" : "more than one Content-Length");
        }
        contentLength = length;
        fields.add(name, value);
    }

    private void useRulesOf(String authority) {
        if (hosts != HostOptions.SAME) {
            rules = Authority.parse(authority).flatMap(hosts::of).orElse(defaults);
        }
    }

    private boolean isTooLong(String name, String value) {
        return name.length() + value.length() > Math.max(rules.bufferSize(), rules.largeBufferSize());
    }

    private void fail(String reason) {
        if (fault.isEmpty()) {
            fault = reason;
        }
    }

    private void refuse(Status status, String reason) {
        if (refusal.isEmpty()) {
            refusal = Optional.of(new Refusal(status, reason));
        }
    }

    /// The pseudo-header fields of a request (RFC 9113 §8.3.1, RFC 8441 §4).
    private static final class Pseudo {
        private static final List<String> NAMES = List.of(":method", ":scheme", ":path", ":authority", ":protocol");
        private static final int METHOD = 0;
        private static final int SCHEME = 1;
        private static final int PATH = 2;
        private static final int AUTHORITY = 3;
        private static final int PROTOCOL = 4;
        private static final int UNFIT = FieldTraits.BAD_VALUE | FieldTraits.CONTROL_IN_VALUE;

        private final String[] values = {"", "", "", "", ""};
        private int seen;                                  // a bit for each

        /// Takes one; what is wrong with it, empty for nothing.
        String set(String name, String value, int traits) {
            int index = NAMES.indexOf(name);
            if (index < 0) {
                return "an unknown pseudo-header field";
            }
            boolean again = has(index);
            seen |= 1 << index;
            values[index] = value;
            return again ? "a pseudo-header field twice" : (traits & UNFIT) != 0 ? "an invalid pseudo-header field" : "";
        }

        private boolean has(int index) {
            return (seen & 1 << index) != 0;
        }

        boolean hasAuthority() {
            return has(AUTHORITY);
        }

        String method() {
            return values[METHOD];
        }

        String scheme() {
            return values[SCHEME];
        }

        String path() {
            return values[PATH];
        }

        String authority() {
            return values[AUTHORITY];
        }

        String protocol() {
            return values[PROTOCOL];
        }

        /// What is wrong with all of them.
        String fault() {
            if (method().isEmpty()) {
                return "no :method";
            }
            boolean connects = method().equals("CONNECT");
            if (connects && protocol().isEmpty()) {
                return has(PATH) || has(SCHEME) ? "CONNECT with :path or :scheme" : "";
            }
            if (!protocol().isEmpty() && (!connects || authority().isEmpty())) {
                return ":protocol without CONNECT and :authority";
            }
            if (path().isEmpty()) {
                return "no :path";
            }
            return scheme().equals("https") || scheme().equals("http") ? "" : "no :scheme, or an unknown one";
        }
    }
}
