package io.selvage.server.wiring;

import io.selvage.server.config.LogFormatConfig;
import io.selvage.server.config.Template;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Text;
import io.selvage.server.http.Variable;
import io.selvage.server.observe.Escape;
import io.selvage.server.observe.LogFormat;
import io.selvage.server.route.VariableTable;
import java.util.List;

/// Turns the templates of a configuration into texts that an exchange fills in.
///
/// @param variables those that the server has; any other that a configuration may name is set on an exchange's way
record Templates(VariableTable variables) {

    Text text(Template template) {
        List<Text> parts = template.parts().stream().map(this::part).toList();
        return switch (parts.size()) {
            case 0 -> Text.literal("");
            case 1 -> parts.getFirst();
            default -> new Joined(parts);
        };
    }

    List<Text> texts(List<Template> templates) {
        return templates.stream().map(this::text).toList();
    }

    private Text part(Template.Part part) {
        return switch (part) {
            case Template.Literal(var text) -> Text.literal(text);
            case Template.Variable(var name) -> {
                Variable variable = variable(name);
                yield exchange -> variable.of(exchange).orElse("");
            }
        };
    }

    private Variable variable(String name) {
        return variables.find(name).orElse(exchange -> exchange.routing().variable(name));
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

    LogFormat logFormat(LogFormatConfig format) {
        return new LogFormat(escape(format.escape()), format.line().parts().stream().map(this::logPart).toList());
    }

    private LogFormat.Part logPart(Template.Part part) {
        return switch (part) {
            case Template.Literal(var text) -> new LogFormat.Part.Literal(text);
            case Template.Variable(var name) -> new LogFormat.Part.Value(variable(name));
        };
    }

    private static Escape escape(LogFormatConfig.Escape escape) {
        return switch (escape) {
            case DEFAULT -> Escape.DEFAULT;
            case JSON -> Escape.JSON;
            case NONE -> Escape.NONE;
        };
    }
}
