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

/// The fields that a peer gets: those that are set, then the client's other fields.
///
/// `Host` is the peer's name unless it is set. An upgrade is requested where the client requests one, unless `Upgrade` is set, or
/// `Connection` to something. `CDN-Loop` gets our mark unless it is set. `Content-Length` and `Transfer-Encoding` are added with
/// the body's framing.
public final class RequestFields {
    private final List<SetField> set;
    private final FieldNameSet names;                      // of those that are set
    private final FieldNameSet replaced;                   // of the client's fields that are not passed
    private final boolean passed;
    private final LoopDetection loops;

    /// @param set fields in front of the client's, in this order
    /// @param passed true if the client's fields are passed (`proxy_pass_request_headers`)
    /// @param loops marks everything that is passed on
    public RequestFields(List<SetField> set, boolean passed, LoopDetection loops) {
        this.set = List.copyOf(set);
        this.passed = passed;
        Set<String> lower = set.stream().map(field -> field.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.toCollection(HashSet::new));
        this.loops = lower.contains("cdn-loop") ? LoopDetection.NONE : loops;
        if (!this.loops.equals(LoopDetection.NONE)) {
            lower.add("cdn-loop");
        }
        this.names = FieldNameSet.of(lower);
        lower.addAll(List.of("host", "content-length", "transfer-encoding"));
        this.replaced = FieldNameSet.of(lower);
    }

    /// True if this server has passed the exchange on so often that it must be in a loop.
    boolean isLoop(Exchange exchange) {
        return loops.isLoop(exchange);
    }

    /// The fields for this exchange.
    ///
    /// @param host the peer's name, `$proxy_host`
    /// @param upgradable true if the protocol to the peer allows an upgrade
    Headers of(Exchange exchange, String host, boolean upgradable) {
        Headers.Builder fields = Headers.builder();
        boolean connectionSet = false;
        if (!names.contains("host")) {
            fields.add("Host", host);
        }
        for (SetField field : set) {
            String value = withoutLineEnds(field.value().apply(exchange));
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
        loops.marked(exchange).ifPresent(value -> fields.add(LoopDetection.FIELD, value));
        return fields.build();
    }

    /// The protocol that the client wants to change to (RFC 9110 §7.8); never HTTP/2, which peers are not asked for.
    static Optional<String> upgradeWanted(Exchange exchange) {
        boolean asks = exchange.request().version() == Version.HTTP_1_1
                && exchange.headers().tokens("Connection").contains("upgrade");
        return asks ? exchange.headers().joined("Upgrade").filter(protocol -> !isHttp2(protocol)) : Optional.empty();
    }

    private static boolean isHttp2(String protocols) {
        return protocols.toLowerCase(Locale.ROOT).contains("h2");
    }

    /// A value made of variables may contain bytes that would end the line; they become spaces (RFC 9110 §5.5).
    private static String withoutLineEnds(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '\r' || c == '\n' || c == 0) {
                return value.replace('\r', ' ').replace('\n', ' ').replace('\0', ' ');
            }
        }
        return value;
    }
}
