package io.selvage.server.route;

import io.selvage.server.http.Authority;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Headers;
import io.selvage.server.net.AddressText;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.regex.Pattern;

/// Writes the `Location` of the server's own redirects (RFC 9110 §10.2.2). Redirects of peers are not changed.
///
/// @param absolute true to prepend scheme and host to a path (`absolute_redirect`)
/// @param siteName true to use the first name of the site instead of the requested host (`server_name_in_redirect`)
/// @param port true to append the port if it is not the default port of the scheme (`port_in_redirect`)
public record Redirects(boolean absolute, boolean siteName, boolean port) {
    private static final Pattern CONTROL = Pattern.compile("[\\x00-\\x1f\\x7f]");

    /// Absolute, with the requested host, and with the port where it is needed, as in nginx.
    public static final Redirects DEFAULT = new Redirects(true, false, true);

    /// The fields with `Location` as these settings want it, its control characters percent-encoded. The same object if there is
    /// no such field.
    Headers written(Headers headers, Exchange exchange) {
        Optional<String> location = headers.first("Location");
        if (location.isEmpty()) {
            return headers;
        }
        String safe = encoded(location.get());
        return headers.replacing("Location", absolute && safe.startsWith("/") ? origin(exchange) + safe : safe);
    }

    /// The scheme, host and port of a redirect under these settings.
    public String origin(Exchange exchange) {
        boolean secure = exchange.client().secure();
        String host = siteName && !exchange.routing().siteName().isEmpty() ? exchange.routing().siteName()
                : exchange.routing().authority().map(Authority::host).orElseGet(() -> localHost(exchange));
        boolean defaultPort = localPort(exchange) == (secure ? 443 : 80) || localPort(exchange) == 0;
        return (secure ? "https://" : "http://") + host + (port && !defaultPort ? ":" + localPort(exchange) : "");
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
