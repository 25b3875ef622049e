package io.selvage.server.config;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// Text with variables in it, to be filled in for each exchange.
public record Template(List<Part> parts) {
    /// Text without anything in it.
    public static final Template EMPTY = new Template(List.of());

    /// A piece of a template.
    public sealed interface Part {}

    /// Text as it stands; never empty.
    public record Literal(String text) implements Part {}

    /// The value of a variable, named without the dollar; `1` to `9` are what a regular expression captured.
    public record Variable(String name) implements Part {}

    public Template {
        parts = List.copyOf(parts);
    }

    /// Text without variables, dollars included.
    public static Template literal(String text) {
        return text.isEmpty() ? EMPTY : new Template(List.of(new Literal(text)));
    }

    /// Reads `$name`, `${name}`, `$1`. A dollar that begins none of these is reported to `argument` and stays text.
    static Template read(Argument argument) {
        String text = argument.text();
        var parts = new ArrayList<Part>();
        int from = 0;
        for (int dollar = text.indexOf('$'); dollar >= 0; dollar = text.indexOf('$', from)) {
            addLiteral(parts, text.substring(from, dollar));
            boolean braced = text.startsWith("{", dollar + 1);
            int name = dollar + (braced ? 2 : 1);
            from = endOfName(text, name);
            if (from == name || braced && !text.startsWith("}", from)) {
                argument.problem("invalid variable name in \"" + text + "\"");
                return literal(text);
            }
            parts.add(new Variable(text.substring(name, from)));
            argument.reading().variables().use(text.substring(name, from), argument.word().position());
            from += braced ? 1 : 0;
        }
        addLiteral(parts, text.substring(from));
        return new Template(parts);
    }

    private static void addLiteral(List<Part> parts, String text) {
        if (!text.isEmpty()) {
            parts.add(new Literal(text));
        }
    }

    private static int endOfName(String text, int from) {
        if (from < text.length() && text.charAt(from) >= '1' && text.charAt(from) <= '9') {
            return from + 1;
        }
        int end = from;
        while (end < text.length() && isNameCharacter(text.charAt(end))) {
            end++;
        }
        return end;
    }

    private static boolean isNameCharacter(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_';
    }

    /// Whether there are no variables in it.
    public boolean isLiteral() {
        return parts.stream().allMatch(Literal.class::isInstance);
    }

    public boolean isEmpty() {
        return parts.isEmpty();
    }

    /// The literal text it begins with; empty when it begins with a variable.
    public String start() {
        return !parts.isEmpty() && parts.getFirst() instanceof Literal(var text) ? text : "";
    }

    /// With text in front.
    Template after(String text) {
        if (isEmpty() || parts.getFirst() instanceof Variable) {
            var all = new ArrayList<Part>();
            addLiteral(all, text);
            all.addAll(parts);
            return new Template(all);
        }
        var all = new ArrayList<>(parts);
        all.set(0, new Literal(text + start()));
        return new Template(all);
    }

    /// As it is written, every variable in braces.
    @Override
    public String toString() {
        return parts.stream().map(part -> switch (part) {
            case Literal(var text) -> text;
            case Variable(var name) -> "${" + name + "}";
        }).collect(Collectors.joining());
    }
}
