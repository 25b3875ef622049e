package io.selvage.server.module;

import io.selvage.server.config.Argument;
import io.selvage.server.config.Codec;
import io.selvage.server.config.Directive;
import io.selvage.server.config.Directives;
import io.selvage.server.config.Line;
import io.selvage.server.config.Regexes;
import io.selvage.server.config.Setting;
import io.selvage.server.config.Shape;
import io.selvage.server.http.Regex;
import io.selvage.server.http.Text;
import io.selvage.server.route.ComputedVariable;
import io.selvage.server.route.ValueMap;
import java.util.ArrayList;
import java.util.List;

/// Variables whose values depend on those of others (`map`).
final class MapModule implements Module {

    record MapSettings(
            @Setting(value = "map", doc = "Defines a variable whose value depends on a text with other variables.")
                    List<MapBlock> maps) {
        MapSettings {
            maps = List.copyOf(maps);
        }
    }

    /// One `map`, as it is written.
    ///
    /// @param source the text that is looked for
    /// @param variable with its dollar sign
    /// @param flags `hostnames` and `volatile`, where they are written
    /// @param entries in their order
    record MapBlock(Text source, String variable, List<String> flags, List<MapEntry> entries) {
        MapBlock {
            flags = List.copyOf(flags);
            entries = List.copyOf(entries);
        }

        Directive written() {
            List<Directive> inside = new ArrayList<>(flags.stream().map(flag -> Directive.of(flag, List.of())).toList());
            entries.forEach(entry -> inside.add(Directive.of(entry.key, List.of(entry.value.toString()))));
            return Directive.block("map", List.of(source.toString(), variable), inside);
        }
    }

    /// @param key as it is written: a string, `default`, or an expression behind `~`
    record MapEntry(String key, Text value) {
    }

    @Override
    public Directives directives() {
        Shape shape = Shape.of(2, 2).repeated().opening(Shape.Inside.ANYTHING);
        return new Directives()
                .settings(MapSettings.class, Contexts.HTTP)
                .codec(MapBlock.class, Codec.lines(shape, lines -> read(lines.getLast()), (_, map) -> List.of(map.written())));
    }

    private static MapBlock read(Line line) {
        List<String> flags = List.of("hostnames", "volatile").stream()
                .filter(flag -> line.inside().here(flag).stream().anyMatch(inner -> inner.count() == 0)).toList();
        ValueMap values = new ValueMap(flags.contains("hostnames"));
        List<MapEntry> entries = new ArrayList<>();
        for (Directive inner : line.directive().block()) {
            Line entry = new Line(inner, line.scope());
            if (inner.hasBlock() || entry.count() != 1) {
                if (inner.hasBlock() || entry.count() > 1 || !flags.contains(entry.name())) {
                    entry.problem("\"map\" needs one value for \"" + entry.name() + "\"");
                }
                continue;
            }
            Text value = entry.argument(0).template();
            if (entry.name().equals("default") && entries.stream().anyMatch(other -> other.key.equals("default"))) {
                entry.problem("\"default\" of \"map\" is duplicate");
            }
            entries.add(new MapEntry(entry.name(), value));
            add(values, entry.word(), value);
        }
        Argument variable = line.argument(1);
        Text source = line.argument(0).template();
        variable.define(ComputedVariable.mapped(variable.variableName(), !flags.contains("volatile"), source, values));
        return new MapBlock(source, variable.text(), flags, entries);
    }

    private static void add(ValueMap values, Argument key, Text value) {
        String text = key.text();
        if (text.equals("default")) {
            values.others(value);
        } else if (text.startsWith("~")) {
            boolean ignoreCase = text.startsWith("~*");
            Regex regex = Regexes.read(key.with(text.substring(ignoreCase ? 2 : 1)), ignoreCase);
            values.add(regex, value);
        } else {
            string(values, key, text.startsWith("\\") ? text.substring(1) : text, value);
        }
    }

    private static void string(ValueMap values, Argument key, String string, Text value) {
        try {
            if (!values.add(string, value)) {
                key.problem("conflicting parameter \"" + string + "\" of \"map\"");
            }
        } catch (IllegalArgumentException _) {
            key.problem("invalid host name or wildcard \"" + string + "\" in \"map\"");
        }
    }
}
