package io.selvage.server.module;

import io.selvage.server.config.Argument;
import io.selvage.server.config.Codec;
import io.selvage.server.config.Directive;
import io.selvage.server.config.Directives;
import io.selvage.server.config.Line;
import io.selvage.server.config.Setting;
import io.selvage.server.config.Shape;
import io.selvage.server.http.Text;
import io.selvage.server.route.ClientSplit;
import io.selvage.server.route.ComputedVariable;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/// Variables for tests with a part of the clients (`split_clients`).
final class SplitClientsModule implements Module {

    record SplitSettings(
            @Setting(value = "split_clients", doc = "Defines a variable that has each value for a percentage of texts.")
                    List<SplitBlock> blocks) {
        SplitSettings {
            blocks = List.copyOf(blocks);
        }
    }

    /// One `split_clients`.
    ///
    /// @param source the text whose hash decides
    /// @param variable with its dollar sign
    record SplitBlock(Text source, String variable, ClientSplit split) {
        Directive written() {
            return Directive.block("split_clients", List.of(source.toString(), variable),
                    split.parts().stream().map(part -> Directive.of(percent(part.hundredths()), List.of(part.value()))).toList());
        }

        private static String percent(int hundredths) {
            return hundredths == 0 ? "*" : BigDecimal.valueOf(hundredths, 2) + "%";
        }
    }

    @Override
    public Directives directives() {
        Shape shape = Shape.of(2, 2).repeated().opening(Shape.Inside.ANYTHING);
        return new Directives()
                .settings(SplitSettings.class, Contexts.HTTP)
                .codec(SplitBlock.class,
                        Codec.lines(shape, lines -> read(lines.getLast()), (_, block) -> List.of(block.written())));
    }

    private static SplitBlock read(Line line) {
        List<ClientSplit.Part> parts = new ArrayList<>();
        int sum = 0;
        for (Directive inner : line.directive().block()) {
            Line part = new Line(inner, line.scope());
            if (part.count() != 1 || inner.hasBlock()) {
                part.problem("\"split_clients\" needs one value for \"" + part.name() + "\"");
                continue;
            }
            int hundredths = part.name().equals("*") ? 0 : hundredths(part.word());
            parts.add(new ClientSplit.Part(hundredths, part.argument(0).text()));
            sum = hundredths == 0 ? ClientSplit.WHOLE : sum + hundredths;
            if (sum > ClientSplit.WHOLE) {
                part.problem("percent total is greater than 100% in \"split_clients\"");
            }
        }
        Argument variable = line.argument(1);
        Text source = line.argument(0).template();
        ClientSplit split = new ClientSplit(parts);
        variable.define(new ComputedVariable(variable.variableName(), true, exchange -> split.find(source.apply(exchange))));
        return new SplitBlock(source, variable.text(), split);
    }

    private static int hundredths(Argument percent) {
        String text = percent.text();
        boolean valid = text.matches("(\\d{1,3}\\.?\\d{0,2}|\\.\\d{1,2})%");
        int hundredths = valid ? new BigDecimal(text.substring(0, text.length() - 1)).movePointRight(2).intValueExact() : 0;
        if (hundredths == 0) {
            percent.problem("invalid percent value \"" + text + "\" in \"split_clients\"");
        }
        return Math.max(hundredths, 1);
    }
}
