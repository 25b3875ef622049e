package io.selvage.server.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// What the end of a file name says about its content: `types`.
///
/// @param byExtension media types by extensions, which are in small letters and without the dot
public record MediaTypes(Map<String, String> byExtension) implements Printable {
    /// What nginx knows without a `types`.
    static final MediaTypes DEFAULT =
            new MediaTypes(Map.of("html", "text/html", "gif", "image/gif", "jpg", "image/jpeg"));

    public MediaTypes {
        byExtension = Map.copyOf(byExtension);
    }

    static MediaTypes read(List<Line> lines) {
        if (lines.isEmpty()) {
            return DEFAULT;
        }
        Map<String, String> types = new LinkedHashMap<>();
        for (Line line : lines) {
            for (Directive type : line.directive().block()) {
                for (Word extension : type.arguments()) {
                    String before = types.put(extension.text().toLowerCase(Locale.ROOT), type.name().text());
                    if (before != null) {
                        line.scope().reading().problems().warning(extension.position(),
                                "\"" + extension + "\" was \"" + before + "\" before");
                    }
                }
            }
        }
        return new MediaTypes(types);
    }

    @Override
    public List<String> words() {
        return List.of();
    }

    @Override
    public Directive directive(String name) {
        List<Directive> inside = new TreeMap<>(byExtension).entrySet().stream()
                .map(type -> Directive.of(type.getValue(), List.of(type.getKey())))
                .toList();
        return Directive.block(name, words(), inside);
    }
}
