package io.selvage.server.observe;

import io.selvage.server.http.Exchange;
import io.selvage.server.http.Template;

/// The format of a line of the access log (`log_format`).
///
/// @param name the name by which access logs refer to it
/// @param escape for the values of variables; literals are not escaped
public record LogFormat(String name, Escape escape, Template line) {

    /// The line of an exchange, without its line feed.
    public String line(Exchange exchange) {
        StringBuilder text = new StringBuilder(200);
        for (Template.Part part : line.parts()) {
            switch (part) {
                case Template.Literal(var literal) -> text.append(literal);
                case Template.Reference(_, var variable) -> escape.append(variable.of(exchange), text);
            }
        }
        return text.toString();
    }
}
