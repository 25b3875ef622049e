package io.selvage.server.proxy;

import io.selvage.server.http.Exchange;
import io.selvage.server.http.FieldNameSet;
import io.selvage.server.http.Headers;
import io.selvage.server.http.Text;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// The fields that a peer gets: those that are set, then the client's other fields.
///
/// `Host` is the peer's name unless it is set. `Upgrade` is sent with the protocols that the client asks for, as far as they are
/// allowed ([UpgradeProtocols]), together with the option `upgrade` in `Connection`; not where the location sets `Connection`
/// without that option, or to an empty value. `CDN-Loop` gets our mark unless it is set. `Content-Length` and `Transfer-Encoding`
/// are added with the body's framing.
public final class RequestFields {
    private final List<SetField> set;                      // without `Upgrade`
    private final Optional<Text> upgrade;                  // of the location, if it sets one
    private final FieldNameSet names;                      // of those that are set
    private final FieldNameSet replaced;                   // of the client's fields that are not passed
    private final boolean passed;
    private final LoopDetection loops;
    private final UpgradeProtocols protocols;

    /// @param set fields in front of the client's, in this order
    /// @param passed true if the client's fields are passed (`proxy_pass_request_headers`)
    /// @param loops marks everything that is passed on
    /// @param protocols to which a connection may change
    public RequestFields(List<SetField> set, boolean passed, LoopDetection loops, UpgradeProtocols protocols) {
        this.set = set.stream().filter(field -> !isUpgrade(field)).toList();
        this.upgrade = set.stream().filter(RequestFields::isUpgrade).map(SetField::value).reduce((_, last) -> last);
        this.protocols = protocols;
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
        String upgrading = upgradable ? upgrade(exchange) : "";
        if (!names.contains("host")) {
            fields.add("Host", host);
        }
        for (SetField field : set) {
            String value = withoutLineEnds(field.value().apply(exchange));
            if (!value.isEmpty()) {
                fields.add(field.name(), value);
            }
        }
        if (!upgrading.isEmpty()) {
            addUpgrade(fields, upgrading);
        }
        if (passed) {
            Predicate<String> dropped = HopByHop.inRequest(exchange.headers());
            fields.addAllBut(name -> replaced.contains(name) || dropped.test(name), MaxForwards.lowered(exchange));
        }
        loops.marked(exchange).ifPresent(value -> fields.add(LoopDetection.FIELD, value));
        return fields.build();
    }

    private static boolean isUpgrade(SetField field) {
        return Headers.same(field.name(), "Upgrade");
    }

    /// The protocols to which the peer may change: those that the client asks for, and the location too where it sets `Upgrade`.
    private String upgrade(Exchange exchange) {
        String requested = protocols.requested(exchange);
        return requested.isEmpty() || upgrade.isEmpty() ? requested
                : UpgradeProtocols.common(upgrade.get().apply(exchange), requested);
    }

    /// Adds `Upgrade`, unless the `Connection` field of the location does not allow it.
    private void addUpgrade(Headers.Builder fields, String upgrading) {
        if (!names.contains("connection")) {
            fields.add("Connection", "upgrade").add("Upgrade", upgrading);
        } else if (upgrade.isPresent() && fields.build().tokens("Connection").contains("upgrade")) {
            fields.add("Upgrade", upgrading);
        }
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
