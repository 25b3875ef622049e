package io.selvage.server.proxy;

import io.selvage.server.http.Exchange;
import io.selvage.server.http.FieldNameSet;
import io.selvage.server.http.Headers;
import io.selvage.server.http.Template;
import io.selvage.server.http.Text;
import io.selvage.server.http1.Framing;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// The variables that describe a request to an application: those that are configured, then the client's fields as `HTTP_*`
/// (RFC 3875 §4.1.18) except those that are configured. `HTTP_CDN_LOOP` gets our mark unless it is configured: an application
/// that passes the request on over HTTP makes a field of it again.
///
/// A field that occurs several times is one variable. `Proxy` is never one: as `HTTP_PROXY` it would control where the
/// application itself connects to. A field whose name has an underscore is dropped where there is the same name with a hyphen,
/// because both would be the same variable, and where the name with a hyphen is not passed on.
public final class CgiVariables {
    private static final String LENGTH = "CONTENT_LENGTH";
    private static final String FIELD = "HTTP_";
    private static final List<String> NEVER_VARIABLES = List.of("proxy", "content-length", "content-type");

    /// A variable that is configured, with its name as bytes.
    private record Prepared(byte[] name, Text value, boolean ifNotEmpty, boolean isLength) {
        Prepared(CgiParam param) {
            this(param.name().getBytes(StandardCharsets.ISO_8859_1), param.value(), param.ifNotEmpty(),
                    param.name().equals(LENGTH));
        }
    }

    private final Prepared[] params;
    private final FieldNameSet excluded;                   // names of fields, with hyphens, that are no variables
    private final FieldNameSet dropped;                    // these, and those of one connection
    private final boolean passed;
    private final LoopDetection loops;
    private final UpgradeProtocols protocols;

    /// @param params in the order of the configuration
    /// @param passed true if the client's fields become variables (`fastcgi_pass_request_headers`)
    /// @param loops marks everything that is passed on
    /// @param protocols to which a connection may change
    public CgiVariables(List<CgiParam> params, boolean passed, LoopDetection loops, UpgradeProtocols protocols) {
        this.protocols = protocols;
        this.params = params.stream().filter(param -> !isRemoval(param)).map(Prepared::new).toArray(Prepared[]::new);
        this.passed = passed;
        List<String> names = new ArrayList<>(NEVER_VARIABLES);
        params.stream().map(CgiParam::name).filter(name -> name.startsWith(FIELD))
                .forEach(name -> names.add(hyphened(name.substring(FIELD.length()))));
        this.loops = names.stream().anyMatch(LoopDetection.FIELD::equalsIgnoreCase) ? LoopDetection.NONE : loops;
        if (!this.loops.equals(LoopDetection.NONE)) {
            names.add(LoopDetection.FIELD);
        }
        this.excluded = FieldNameSet.of(names);
        names.addAll(HopByHop.OF_REQUESTS);
        this.dropped = FieldNameSet.of(names);
    }

    /// As in nginx: `HTTP_PROXY ""` in the place of a field means none.
    private static boolean isRemoval(CgiParam param) {
        return param.name().startsWith(FIELD) && param.value().equals(Template.EMPTY);
    }

    /// True if this server has passed the exchange on so often that it must be in a loop.
    boolean isLoop(Exchange exchange) {
        return loops.isLoop(exchange);
    }

    /// The protocols to which the application may change, as the client wrote them; empty for none.
    String upgrade(Exchange exchange) {
        return passed ? protocols.requested(exchange) : "";
    }

    /// Adds all of them to a packet.
    ///
    /// @param body how the end of the body behind the packet is known; a client that sends chunks gives no length
    void addTo(CgiPacket packet, Exchange exchange, Framing body) {
        String length = body instanceof Framing.Length(long bytes) ? Long.toString(bytes) : "";
        for (Prepared param : params) {
            String value = param.isLength && !length.isEmpty() ? length : param.value.apply(exchange);
            if (!value.isEmpty() || !param.ifNotEmpty) {
                packet.add(param.name, value);
            }
        }
        if (passed) {
            addReceived(packet, exchange.headers());
            String upgrade = upgrade(exchange);
            if (!upgrade.isEmpty()) {
                addUpgrade(packet, upgrade);
            }
        }
        String mark = loops.marked(exchange);
        if (!mark.isEmpty()) {
            packet.addField(LoopDetection.FIELD, mark);
        }
    }

    private void addUpgrade(CgiPacket packet, String upgrade) {
        if (!excluded.contains("Connection")) {
            packet.addField("Connection", "upgrade");
        }
        if (!excluded.contains("Upgrade")) {
            packet.addField("Upgrade", upgrade);
        }
    }

    /// Adds the client's fields in one pass; those whose name has an underscore in another, where there are some.
    private void addReceived(CgiPacket packet, Headers fields) {
        Set<String> named = HopByHop.namedBy(fields);
        boolean underscores = false;
        for (int i = 0; i < fields.size(); i++) {
            String name = fields.name(i);
            if (name.indexOf('_') >= 0) {
                underscores = true;
            } else if (isPassed(name, named)) {
                add(packet, fields, i);
            }
        }
        if (underscores) {
            Headers ambiguous = ambiguous(fields, named);
            for (int i = 0; i < ambiguous.size(); i++) {
                add(packet, ambiguous, i);
            }
        }
    }

    /// @param named the names, in lower case, that the client's `Connection` makes fields of one connection
    private boolean isPassed(String name, Set<String> named) {
        return !dropped.contains(name) && (named.isEmpty() || !named.contains(name.toLowerCase(Locale.ROOT)));
    }

    /// The fields whose name has an underscore, with a hyphen in its place, without those that are not passed with a hyphen or
    /// are there with one.
    private Headers ambiguous(Headers fields, Set<String> named) {
        Headers.Builder hyphened = Headers.builder();
        for (int i = 0; i < fields.size(); i++) {
            String name = fields.name(i);
            String other = hyphened(name);
            if (!other.equals(name) && isPassed(name, named) && isPassed(other, named) && !fields.contains(other)) {
                hyphened.add(other, fields.value(i));
            }
        }
        return hyphened.build();
    }

    private static String hyphened(String name) {
        return name.replace('_', '-');
    }

    /// Adds a field, together with others of its name that follow.
    private static void add(CgiPacket packet, Headers fields, int index) {
        String name = fields.name(index);
        if (fields.indexOf(name, 0) < index) {
            return;
        }
        if (fields.indexOf(name, index + 1) < 0) {
            packet.addField(fields, index);
        } else {
            packet.addField(name, joined(fields, name));
        }
    }

    private static String joined(Headers fields, String name) {
        return String.join(Headers.same(name, "Cookie") ? "; " : ", ", fields.all(name));
    }
}
