package io.selvage.server.http;

import io.selvage.server.http.Answer.Bare;
import java.net.InetSocketAddress;
import java.util.Optional;

/// Puts scheme, host and port in front of a `Location` that is only a path, where the redirect was made here
/// (`absolute_redirect on`). A peer's own redirects are left alone.
///
/// @param next makes the answer
/// @param serverName whether the host is the site's first name rather than the one the client used (`server_name_in_redirect`)
/// @param port whether to name the port, unless it is the scheme's own (`port_in_redirect`)
public record AbsoluteRedirect(Handler next, boolean serverName, boolean port) implements Handler {

    @Override
    public Answer handle(Exchange exchange) throws Failure {
        Answer answer = next.handle(exchange);
        if (answer instanceof Bare(Status status, Headers headers)) {
            Optional<String> location = headers.first("Location").filter(to -> to.startsWith("/"));
            if (location.isPresent()) {
                return new Bare(status, headers.replacing("Location", origin(exchange) + location.get()));
            }
        }
        return answer;
    }

    private String origin(Exchange exchange) {
        boolean secure = exchange.client().secure();
        Optional<InetSocketAddress> local = exchange.client().local() instanceof InetSocketAddress address
                ? Optional.of(address) : Optional.empty();
        int number = port ? local.map(InetSocketAddress::getPort).orElse(0) : 0;
        boolean named = number != 0 && number != (secure ? 443 : 80);
        return (secure ? "https://" : "http://") + host(exchange, local) + (named ? ":" + number : "");
    }

    private String host(Exchange exchange, Optional<InetSocketAddress> local) {
        if (serverName && !exchange.siteName().isEmpty()) {
            return exchange.siteName();
        }
        return exchange.authority().map(Authority::host).or(() -> local.map(AbsoluteRedirect::literal)).orElse("localhost");
    }

    private static String literal(InetSocketAddress address) {
        String text = address.getAddress().getHostAddress();
        return text.contains(":") ? "[" + text + "]" : text;
    }
}
