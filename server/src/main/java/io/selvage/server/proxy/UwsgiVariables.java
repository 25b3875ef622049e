package io.selvage.server.proxy;

import io.selvage.server.http.Exchange;
import io.selvage.server.http.Headers;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/// The variables that describe a request to an application: those that are configured, then the client's fields as `HTTP_*`
/// (RFC 3875 §4.1.18).
///
/// A field that came several times is one variable. `Proxy` never is one: as `HTTP_PROXY` it would steer where the application
/// itself connects to. A field whose name has an underscore gives way to the one with a hyphen, for which it could be taken.
public final class UwsgiVariables {
    private static final String LENGTH = "CONTENT_LENGTH";
    private static final Set<String> NO_VARIABLES = Set.of("proxy", "content-length", "content-type");

    private final List<UwsgiParam> params;
    private final Set<String> names;
    private final boolean passed;

    /// @param params in the order of the configuration
    /// @param passed whether the client's fields become variables (`uwsgi_pass_request_headers`)
    public UwsgiVariables(List<UwsgiParam> params, boolean passed) {
        this.params = List.copyOf(params);
        this.passed = passed;
        this.names = params.stream().map(UwsgiParam::name).collect(Collectors.toUnmodifiableSet());
    }

    /// Adds all of them to a packet.
    ///
    /// @param length of the body that will follow, which a client that sent chunks did not tell; empty for no body
    void addTo(UwsgiPacket packet, Exchange exchange, OptionalLong length) {
        for (UwsgiParam param : params) {
            String value = param.name().equals(LENGTH) && length.isPresent()
                    ? Long.toString(length.getAsLong()) : param.value().apply(exchange);
            if (!value.isEmpty() || !param.ifNotEmpty()) {
                packet.add(param.name(), value);
            }
        }
        if (passed) {
            fields(exchange).forEach(packet::add);
        }
    }

    private Map<String, String> fields(Exchange exchange) {
        Headers end = HopByHop.ofRequest(exchange.headers())
                .without(name -> NO_VARIABLES.contains(name.toLowerCase(Locale.ROOT)));
        Map<String, String> variables = new LinkedHashMap<>();
        join(end.without(name -> name.indexOf('_') >= 0), variables);
        Map<String, String> doubtful = new LinkedHashMap<>();
        join(end.without(name -> name.indexOf('_') < 0), doubtful);
        doubtful.forEach(variables::putIfAbsent);
        RequestFields.upgradeWanted(exchange).ifPresent(protocol -> {
            variables.put("HTTP_CONNECTION", "upgrade");
            variables.put("HTTP_UPGRADE", protocol);
        });
        variables.keySet().removeAll(names);
        return variables;
    }

    private static void join(Headers headers, Map<String, String> variables) {
        for (int i = 0; i < headers.size(); i++) {
            String separator = Headers.same(headers.name(i), "Cookie") ? "; " : ", ";
            String name = "HTTP_" + headers.name(i).toUpperCase(Locale.ROOT).replace('-', '_');
            variables.merge(name, headers.value(i), (before, next) -> before + separator + next);
        }
    }
}
