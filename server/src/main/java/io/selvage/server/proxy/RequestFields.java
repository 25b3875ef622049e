package io.selvage.server.proxy;

import io.selvage.server.http.Exchange;
import io.selvage.server.http.FieldNameSet;
import io.selvage.server.http.Headers;
import io.selvage.server.http.Version;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// The fields that a peer is sent: those that are set, then the client's others.
///
/// `Host` is the peer's name unless it is set. A change of protocol is asked for where the client asks for one, unless
/// `Upgrade` is set, or `Connection` to something. `CDN-Loop` has our mark unless it is set. `Content-Length` and
/// `Transfer-Encoding` are left to who sends the body.
public final class RequestFields {
    private final List<SetField> set;
    private final FieldNameSet names;                      // of those that are set here
    private final FieldNameSet replaced;                   // of the client's that do not go on
    private final boolean passed;
    private final LoopDetection mark;

    /// @param set in this order in front of the client's fields
    /// @param passed whether the client's fields go to the peer (`proxy_pass_request_headers`)
    /// @param mark put on everything that is passed on
    public RequestFields(List<SetField> set, boolean passed, LoopDetection mark) {
        this.set = List.copyOf(set);
        this.passed = passed;
        Set<String> ours = set.stream().map(field -> field.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.toCollection(HashSet::new));
        this.mark = ours.contains("cdn-loop") ? LoopDetection.NONE : mark;
        if (!this.mark.equals(LoopDetection.NONE)) {
            ours.add("cdn-loop");
        }
        this.names = FieldNameSet.of(ours);
        ours.addAll(List.of("host", "content-length", "transfer-encoding"));
        this.replaced = FieldNameSet.of(ours);
    }

    /// Whether the exchange has been passed on like this so often that it will never arrive.
    boolean isLoop(Exchange exchange) {
        return mark.isLoop(exchange);
    }

    /// The fields for this exchange.
    ///
    /// @param host the peer's name, `$proxy_host`
    /// @param upgradable whether the protocol can be changed at all
    Headers of(Exchange exchange, String host, boolean upgradable) {
        Headers.Builder fields = Headers.builder();
        boolean connectionSet = false;
        if (!names.contains("host")) {
            fields.add("Host", host);
        }
        for (SetField field : set) {
            String value = onOneLine(field.value().apply(exchange));
            if (!value.isEmpty() && !(Headers.same(field.name(), "Upgrade") && isHttp2(value))) {
                fields.add(field.name(), value);
                connectionSet |= Headers.same(field.name(), "Connection");
            }
        }
        if (upgradable && !connectionSet && !names.contains("upgrade")) {
            upgradeWanted(exchange).ifPresent(protocol -> fields.add("Connection", "upgrade").add("Upgrade", protocol));
        }
        if (passed) {
            Predicate<String> dropped = HopByHop.inRequest(exchange.headers());
            fields.addAllBut(name -> replaced.contains(name) || dropped.test(name), MaxForwards.lowered(exchange));
        }
        mark.left(exchange).ifPresent(value -> fields.add(LoopDetection.FIELD, value));
        return fields.build();
    }

    /// The protocol that the client wants to change to (RFC 9110 §7.8); never HTTP/2, which is not spoken with peers.
    static Optional<String> upgradeWanted(Exchange exchange) {
        boolean asks = exchange.request().version() == Version.HTTP_1_1
                && exchange.headers().tokens("Connection").contains("upgrade");
        return asks ? exchange.headers().joined("Upgrade").filter(protocol -> !isHttp2(protocol)) : Optional.empty();
    }

    private static boolean isHttp2(String protocols) {
        return protocols.toLowerCase(Locale.ROOT).contains("h2");
    }

    /// A value made of variables may hold bytes that would end the line; they become spaces (RFC 9110 §5.5).
    private static String onOneLine(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '\r' || c == '\n' || c == 0) {
                return value.replace('\r', ' ').replace('\n', ' ').replace('\0', ' ');
            }
        }
        return value;
    }
}
