package io.selvage.server.observe;

import io.selvage.server.http.Exchange;
import io.selvage.server.http.Variable;
import java.util.List;

/// What a line of the access log consists of (`log_format`).
///
/// @param escape for the values of variables; literals stand as they are
public record LogFormat(Escape escape, List<Part> parts) {
    /// A piece of a line.
    public sealed interface Part {
        record Literal(String text) implements Part {
        }

        record Value(Variable variable) implements Part {
        }
    }

    public LogFormat {
        parts = List.copyOf(parts);
    }

    /// The line of an exchange, without its line feed.
    public String line(Exchange exchange) {
        StringBuilder line = new StringBuilder(200);
        for (Part part : parts) {
            switch (part) {
                case Part.Literal(var text) -> line.append(text);
                case Part.Value(var variable) -> escape.append(variable.of(exchange), line);
            }
        }
        return line.toString();
    }
}
