package io.selvage.server.proxy;

import io.selvage.server.http.Exchange;
import io.selvage.server.http.Failure;
import io.selvage.server.http.FieldNameSet;
import io.selvage.server.http.Headers;
import io.selvage.server.http.Text;
import io.selvage.server.http.Version;
import io.selvage.server.http1.HeadSink;
import io.selvage.server.http1.PreparedName;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// The fields that a peer gets: those that are set, then the client's other fields.
///
/// `Host` is the peer's name unless it is set. `Upgrade` is sent with the protocols that the client asks for, as far as they are
/// allowed ([UpgradeProtocols]), together with the option `upgrade` in `Connection`; not where the location sets `Connection`
/// without that option, or to an empty value. `CDN-Loop` gets our mark unless it is set. `Content-Length` and `Transfer-Encoding`
/// are added with the body's framing.
///
/// It is the plan of a location's requests, made once: [#write] passes over the received fields once and builds no others.
public final class RequestFields {
    private static final List<String> FRAMING = List.of("content-length", "transfer-encoding");
    private static final PreparedName HOST = new PreparedName("Host");
    private static final PreparedName MARK = new PreparedName(LoopDetection.FIELD);

    /// A field that is set.
    ///
    /// @param connection whether it is `Connection`
    private record Line(PreparedName name, Text value, boolean connection) {
        Line(SetField field) {
            this(new PreparedName(field.name()), field.value(), Headers.same(field.name(), "Connection"));
        }
    }

    private final List<Line> set;                          // without `Upgrade` and those of the framing
    private final Optional<Text> upgrade;                  // of the location, if it sets one
    private final boolean hostSet;
    private final FieldNameSet dropped;                    // of the client's fields that are not passed
    private final boolean connectionSet;                   // by the location
    private final boolean passed;
    private final LoopDetection loops;
    private final UpgradeProtocols protocols;

    /// @param set fields in front of the client's, in this order
    /// @param passed true if the client's fields are passed (`proxy_pass_request_headers`)
    /// @param loops marks everything that is passed on
    /// @param protocols to which a connection may change
    public RequestFields(List<SetField> set, boolean passed, LoopDetection loops, UpgradeProtocols protocols) {
        Set<String> lower = set.stream().map(field -> field.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.toCollection(HashSet::new));
        this.set = set.stream().filter(field -> !isUpgrade(field) && !FRAMING.contains(field.name().toLowerCase(Locale.ROOT)))
                .map(Line::new).toList();
        this.upgrade = set.stream().filter(RequestFields::isUpgrade).map(SetField::value).reduce((_, last) -> last);
        this.protocols = protocols;
        this.passed = passed;
        this.hostSet = lower.contains("host");
        this.connectionSet = lower.contains("connection");
        this.loops = lower.contains("cdn-loop") ? LoopDetection.NONE : loops;
        if (!this.loops.equals(LoopDetection.NONE)) {
            lower.add("cdn-loop");
        }
        lower.add("host");
        lower.addAll(FRAMING);
        lower.addAll(HopByHop.OF_REQUESTS);
        this.dropped = FieldNameSet.of(lower);
    }

    /// True if this server has passed the exchange on so often that it must be in a loop.
    boolean isLoop(Exchange exchange) {
        return loops.isLoop(exchange);
    }

    /// Writes the fields for this exchange, without those of the framing.
    ///
    /// @param host the peer's name, `$proxy_host`
    /// @param version spoken with the peer: only HTTP/1.1 allows an upgrade, and HTTP/1.0 gets `Connection: close`
    /// @return the protocols to which the peer may change, as in `Upgrade`; empty for none
    String write(Exchange exchange, String host, Version version, HeadSink sink) throws Failure {
        String upgrading = version == Version.HTTP_1_1 ? upgrade(exchange) : "";
        if (!hostSet) {
            sink.field(HOST, host);
        }
        String connection = writeSet(exchange, sink);
        boolean upgraded = !upgrading.isEmpty() && writeUpgrade(upgrading, connection, sink);
        if (passed) {
            writeReceived(exchange, sink);
        }
        String mark = loops.marked(exchange);
        if (!mark.isEmpty()) {
            sink.field(MARK, mark);
        }
        if (version == Version.HTTP_1_0 && connection.isEmpty()) {
            sink.field("Connection", "close");
        }
        return upgraded ? upgrading : "";
    }

    /// Writes the fields that the location sets.
    ///
    /// @return the options in `Connection` among them; empty for none
    private String writeSet(Exchange exchange, HeadSink sink) throws Failure {
        String connection = "";
        for (int i = 0; i < set.size(); i++) {
            Line line = set.get(i);
            String value = withoutLineEnds(line.value().apply(exchange));
            if (!value.isEmpty()) {
                sink.field(line.name(), value);
                if (line.connection()) {
                    connection = connection.isEmpty() ? value : connection + "," + value;
                }
            }
        }
        return connection;
    }

    /// The same as fields, for HTTP/2.
    Headers of(Exchange exchange, String host) throws Failure {
        Headers.Builder fields = Headers.builder();
        write(exchange, host, Version.HTTP_2, fields::add);
        return fields.build();
    }

    private void writeReceived(Exchange exchange, HeadSink sink) throws Failure {
        Set<String> named = HopByHop.namedBy(exchange.headers());
        Headers fields = MaxForwards.lowered(exchange);
        for (int i = 0; i < fields.size(); i++) {
            String name = fields.name(i);
            if (!dropped.contains(name) && (named.isEmpty() || !named.contains(name.toLowerCase(Locale.ROOT)))) {
                sink.field(fields, i);
            }
        }
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

    /// Writes `Upgrade`, unless the `Connection` field of the location does not allow it.
    ///
    /// @param connection what the location sends in `Connection`
    private boolean writeUpgrade(String upgrading, String connection, HeadSink sink) throws Failure {
        if (!connectionSet) {
            sink.field("Connection", "upgrade");
        } else if (upgrade.isEmpty() || !Headers.of("Connection", connection).tokens("Connection").contains("upgrade")) {
            return false;
        }
        sink.field("Upgrade", upgrading);
        return true;
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
