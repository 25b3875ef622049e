package io.selvage.server.route;

import io.selvage.server.http.Exchange;
import io.selvage.server.http.Text;
import io.selvage.server.http.Variable;
import io.selvage.server.observe.Escape;
import io.selvage.server.observe.LogFormat;
import java.util.List;

/// Makes texts out of strings of the configuration that name variables. What is constant stays constant.
///
/// @param variables the ones that may be named
public record Texts(Variables variables) {

    /// @throws IllegalArgumentException for a variable that is not known, or a dollar sign without one
    public Text text(String source) {
        List<Text> parts = Template.parse(source).pieces().stream().map(this::part).toList();
        return switch (parts.size()) {
            case 0 -> Text.literal("");
            case 1 -> parts.getFirst();
            default -> new Joined(parts);
        };
    }

    /// @throws IllegalArgumentException for a variable that is not known, or a dollar sign without one
    public LogFormat logFormat(Escape escape, String source) {
        return new LogFormat(escape, Template.parse(source).pieces().stream().map(this::logPart).toList());
    }

    private Text part(Template.Piece piece) {
        return switch (piece) {
            case Template.Piece.Literal(var text) -> Text.literal(text);
            case Template.Piece.Reference(var name) -> {
                Variable variable = known(name);
                yield exchange -> variable.of(exchange).orElse("");
            }
        };
    }

    private LogFormat.Part logPart(Template.Piece piece) {
        return switch (piece) {
            case Template.Piece.Literal(var text) -> new LogFormat.Part.Literal(text);
            case Template.Piece.Reference(var name) -> new LogFormat.Part.Value(known(name));
        };
    }

    private Variable known(String name) {
        return variables.find(name).orElseThrow(() -> new IllegalArgumentException("unknown \"" + name + "\" variable"));
    }

    private record Joined(List<Text> parts) implements Text {
        @Override
        public String apply(Exchange exchange) {
            StringBuilder joined = new StringBuilder(64);
            for (Text part : parts) {
                joined.append(part.apply(exchange));
            }
            return joined.toString();
        }
    }
}
