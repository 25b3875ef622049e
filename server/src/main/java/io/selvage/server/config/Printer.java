package io.selvage.server.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// From [Config] back to the language. What is inherited, or usual, is not written again.
///
/// @param language that knows the records of each kind of block
record Printer(Language language) {

    String print(Config config) {
        return text(inside(config.main()), "");
    }

    private List<Directive> inside(Section section) {
        List<Directive> all = new ArrayList<>();
        for (Settings<?> settings : language.settings(section.context())) {
            Record around = section.around().get(settings.type());
            all.addAll(settings.print(section.get(settings.type()), around == null ? settings.defaults() : around,
                    section.scope().isPart()));
        }
        Map<String, Integer> filled = new HashMap<>();
        for (Section each : section.inside()) {
            Directive block = each.scope().block();
            String name = block.name().text();
            List<String> words = block.arguments().stream().map(Word::text).toList();
            filled.put(name, put(all, filled.getOrDefault(name, 0), Directive.block(name, words, inside(each))));
        }
        return all;
    }

    /// Puts a block into the next place that a setting left for it, or behind all others.
    ///
    /// @param from where such places begin
    /// @return the position behind it
    private static int put(List<Directive> all, int from, Directive block) {
        for (int i = from; i < all.size(); i++) {
            if (all.get(i).hasBlock() && all.get(i).is(block.name().text())) {
                all.set(i, block);
                return i + 1;
            }
        }
        all.add(block);
        return all.size();
    }

    private static String text(List<Directive> directives, String indent) {
        var text = new StringBuilder();
        for (Directive directive : directives) {
            text.append(indent).append(quoted(directive.name()));
            directive.arguments().forEach(argument -> text.append(' ').append(quoted(argument)));
            if (directive.hasBlock()) {
                text.append(" {\n").append(text(directive.block(), indent + "    ")).append(indent).append("}\n");
            } else {
                text.append(";\n");
            }
        }
        return text.toString();
    }

    static String quoted(Word word) {
        String text = word.text();
        boolean plain = !text.isEmpty() && text.chars().noneMatch(c -> " \t\r\n;{}\"'\\#".indexOf(c) >= 0);
        if (plain) {
            return text;
        }
        var quoted = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            switch (c) {
                case '"', '\\' -> quoted.append('\\').append(c);
                case '\t' -> quoted.append("\\t");
                case '\r' -> quoted.append("\\r");
                case '\n' -> quoted.append("\\n");
                default -> quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }
}
