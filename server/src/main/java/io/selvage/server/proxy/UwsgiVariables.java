package io.selvage.server.proxy;

import io.selvage.server.http.Exchange;
import io.selvage.server.http.FieldNameSet;
import io.selvage.server.http.Headers;
import io.selvage.server.http.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/// The variables that describe a request to an application: those that are configured, then the client's fields as `HTTP_*`
/// (RFC 3875 §4.1.18), but for those that are configured. `HTTP_CDN_LOOP` has our mark unless it is configured: an application
/// that passes the request on over HTTP makes a field of it again.
///
/// A field that came several times is one variable. `Proxy` never is one: as `HTTP_PROXY` it would steer where the application
/// itself connects to. A field whose name has an underscore gives way to the one with a hyphen, for which it could be taken.
public final class UwsgiVariables {
    private static final String LENGTH = "CONTENT_LENGTH";
    private static final String FIELD = "HTTP_";
    private static final List<String> NO_VARIABLES = List.of("proxy", "content-length", "content-type");

    /// A parameter, its name as the packet has it.
    private record Prepared(byte[] name, Text value, boolean ifNotEmpty, boolean tellsLength) {
        Prepared(UwsgiParam param) {
            this(UwsgiPacket.prepared(param.name()), param.value(), param.ifNotEmpty(), param.name().equals(LENGTH));
        }
    }

    private final Prepared[] params;
    private final FieldNameSet unwanted;                   // names of fields, with hyphens
    private final boolean passed;
    private final LoopDetection mark;

    /// @param params in the order of the configuration
    /// @param passed whether the client's fields become variables (`uwsgi_pass_request_headers`)
    /// @param mark put on everything that is passed on
    public UwsgiVariables(List<UwsgiParam> params, boolean passed, LoopDetection mark) {
        this.params = params.stream().map(Prepared::new).toArray(Prepared[]::new);
        this.passed = passed;
        List<String> names = new ArrayList<>(NO_VARIABLES);
        params.stream().map(UwsgiParam::name).filter(name -> name.startsWith(FIELD))
                .forEach(name -> names.add(hyphened(name.substring(FIELD.length()))));
        this.mark = names.stream().anyMatch(LoopDetection.FIELD::equalsIgnoreCase) ? LoopDetection.NONE : mark;
        if (!this.mark.equals(LoopDetection.NONE)) {
            names.add(LoopDetection.FIELD);
        }
        this.unwanted = FieldNameSet.of(names);
    }

    /// Whether the exchange has been passed on like this so often that it will never arrive.
    boolean isLoop(Exchange exchange) {
        return mark.isLoop(exchange);
    }

    /// Adds all of them to a packet.
    ///
    /// @param length of the body that will follow, which a client that sent chunks did not tell; empty for no body
    void addTo(UwsgiPacket packet, Exchange exchange, OptionalLong length) {
        for (Prepared param : params) {
            String value = param.tellsLength && length.isPresent()
                    ? Long.toString(length.getAsLong()) : param.value.apply(exchange);
            if (!value.isEmpty() || !param.ifNotEmpty) {
                packet.add(param.name, value);
            }
        }
        if (passed) {
            Headers fields = HopByHop.ofRequest(exchange.headers());
            Headers certain = fields.without(name -> name.indexOf('_') >= 0 || unwanted.contains(name));
            add(packet, certain);
            if (certain.size() < fields.size()) {
                add(packet, doubtful(fields).without(name -> unwanted.contains(name) || certain.contains(name)));
            }
            RequestFields.upgradeWanted(exchange).ifPresent(protocol -> add(packet,
                    Headers.of("Connection", "upgrade", "Upgrade", protocol).without(unwanted::contains)));
        }
        mark.left(exchange).ifPresent(value -> packet.addField(LoopDetection.FIELD, value));
    }

    /// Those whose name has an underscore, with the names for which they could be taken.
    private static Headers doubtful(Headers fields) {
        Headers.Builder hyphened = Headers.builder();
        for (int i = 0; i < fields.size(); i++) {
            if (fields.name(i).indexOf('_') >= 0) {
                hyphened.add(hyphened(fields.name(i)), fields.value(i));
            }
        }
        return hyphened.build();
    }

    private static String hyphened(String name) {
        return name.replace('_', '-');
    }

    private static void add(UwsgiPacket packet, Headers fields) {
        for (int i = 0; i < fields.size(); i++) {
            String name = fields.name(i);
            if (fields.indexOf(name, 0) == i) {
                boolean alone = fields.indexOf(name, i + 1) < 0;
                packet.addField(name, alone ? fields.value(i) : joined(fields, name));
            }
        }
    }

    private static String joined(Headers fields, String name) {
        return String.join(Headers.same(name, "Cookie") ? "; " : ", ", fields.all(name));
    }
}
