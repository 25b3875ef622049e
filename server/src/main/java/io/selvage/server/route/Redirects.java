package io.selvage.server.route;

import io.selvage.server.http.Authority;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Headers;
import io.selvage.server.net.AddressText;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.regex.Pattern;

/// How the `Location` of our own redirects is written (RFC 9110 §10.2.2). Those of peers are not touched.
///
/// @param absolute whether scheme and host are put in front of a path (`absolute_redirect`)
/// @param siteName whether the host is the site's first name rather than the one asked for (`server_name_in_redirect`)
/// @param port whether the port stands behind it where it is not the scheme's usual one (`port_in_redirect`)
public record Redirects(boolean absolute, boolean siteName, boolean port) {
    private static final Pattern CONTROL = Pattern.compile("[\\x00-\\x1f\\x7f]");

    public static final Redirects DEFAULT = new Redirects(true, false, true);

    /// The fields with their `Location` made absolute, and without bytes that could end the line it stands on.
    Headers written(Headers headers, Exchange exchange) {
        Optional<String> location = headers.first("Location");
        if (location.isEmpty()) {
            return headers;
        }
        String safe = encoded(location.get());
        return headers.replacing("Location", absolute && safe.startsWith("/") ? origin(exchange) + safe : safe);
    }

    /// Scheme, host and port as these rules have them.
    public String origin(Exchange exchange) {
        boolean secure = exchange.client().secure();
        String host = siteName && !exchange.routing().siteName().isEmpty() ? exchange.routing().siteName()
                : exchange.routing().authority().map(Authority::host).orElseGet(() -> localHost(exchange));
        boolean usual = localPort(exchange) == (secure ? 443 : 80) || localPort(exchange) == 0;
        return (secure ? "https://" : "http://") + host + (port && !usual ? ":" + localPort(exchange) : "");
    }

    private static int localPort(Exchange exchange) {
        return exchange.client().local() instanceof InetSocketAddress inet ? inet.getPort() : 0;
    }

    private static String localHost(Exchange exchange) {
        String host = AddressText.host(exchange.client().local());
        boolean bracketed = exchange.client().local() instanceof InetSocketAddress inet
                && inet.getAddress() instanceof Inet6Address;
        return bracketed ? "[" + host + "]" : host;
    }

    private static String encoded(String location) {
        return CONTROL.matcher(location).replaceAll(c -> "%%%02X".formatted((int) c.group().charAt(0)));
    }
}
