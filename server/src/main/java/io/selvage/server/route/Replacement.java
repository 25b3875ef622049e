package io.selvage.server.route;

import io.selvage.server.http.Exchange;
import io.selvage.server.http.Template;
import io.selvage.server.http.UriBytes;
import java.util.Optional;

/// What `rewrite` puts in place of path and query.
///
/// @param text what is written, without the question mark at its end
/// @param keepsQuery whether the query of the request follows; a question mark at the end drops it
/// @param halves the text around its first question mark; empty if there is none
public record Replacement(Template text, boolean keepsQuery, Optional<Template.Halves> halves) {

    /// @param written as the configuration has it
    public static Replacement of(Template written) {
        boolean drops = written.end().endsWith("?");
        Template text = drops ? written.withEnd(written.end().substring(0, written.end().length() - 1)) : written;
        return new Replacement(text, !drops, text.split('?'));
    }

    /// As it is written.
    public Template written() {
        return keepsQuery ? text : text.withEnd(text.end() + "?");
    }

    String path(Exchange exchange) {
        return (halves.isPresent() ? halves.get().before() : text).apply(exchange);
    }

    String query(Exchange exchange) {
        String old = keepsQuery ? exchange.routing().query() : "";
        if (halves.isEmpty()) {
            return old;
        }
        String own = encoding(halves.get().behind(), exchange);
        return old.isEmpty() ? own : own + "&" + old;
    }

    /// Path and query as the target of a redirect.
    String redirect(Exchange exchange) {
        String target = UriBytes.decodeRedirect(encoding(text, exchange));
        String old = exchange.routing().query();
        return keepsQuery && !old.isEmpty() ? target + (halves.isPresent() ? "&" : "?") + old : target;
    }

    /// The text in which captures are encoded, if the client encoded something: a capture that was decoded with the path must not
    /// end an argument.
    private static String encoding(Template part, Exchange exchange) {
        return isEncoded(exchange) ? part.apply(exchange, Replacement::encoded) : part.apply(exchange);
    }

    private static String encoded(String variable, String value) {
        return variable.length() == 1 && Character.isDigit(variable.charAt(0)) ? UriBytes.encodeArgument(value) : value;
    }

    private static boolean isEncoded(Exchange exchange) {
        String raw = exchange.request().target().raw();
        int mark = raw.indexOf('?');
        for (int i = 0; i < (mark < 0 ? raw.length() : mark); i++) {
            if (raw.charAt(i) == '%' || raw.charAt(i) == '+') {
                return true;
            }
        }
        return false;
    }
}
