package io.selvage.server.http;

import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A request method (RFC 9110 §9); case matters, so `get` is not `GET`.
///
/// @param name the token as it came
public record Method(String name) {
    public static final Method GET = new Method("GET");
    public static final Method HEAD = new Method("HEAD");
    public static final Method POST = new Method("POST");
    public static final Method PUT = new Method("PUT");
    public static final Method DELETE = new Method("DELETE");
    public static final Method CONNECT = new Method("CONNECT");
    public static final Method OPTIONS = new Method("OPTIONS");
    public static final Method TRACE = new Method("TRACE");
    public static final Method PATCH = new Method("PATCH");

    private static final Map<String, Method> KNOWN = Stream.of(GET, HEAD, POST, PUT, DELETE, CONNECT, OPTIONS, TRACE, PATCH)
            .collect(Collectors.toUnmodifiableMap(Method::name, Function.identity()));
    private static final Set<Method> IDEMPOTENT = Set.of(GET, HEAD, PUT, DELETE, OPTIONS, TRACE);

    /// The method of this name; the registered ones are shared instances.
    public static Method of(String name) {
        Method known = KNOWN.get(name);
        return known != null ? known : new Method(name);
    }

    /// Whether doing it twice is the same as doing it once (RFC 9110 §9.2.2); unknown methods are not.
    public boolean isIdempotent() {
        return IDEMPOTENT.contains(this);
    }

    @Override
    public String toString() {
        return name;
    }
}
