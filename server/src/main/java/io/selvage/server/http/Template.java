package io.selvage.server.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BinaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Text with variables in it, filled in for each exchange. Immutable; two are equal when they are written the same.
public final class Template implements Text {
    /// Text without anything in it.
    public static final Template EMPTY = new Template(List.of());

    /// A piece of a template.
    public sealed interface Part {
    }

    /// Text as it stands; never empty.
    public record Literal(String text) implements Part {
    }

    /// The value of a variable.
    ///
    /// @param name without the dollar sign; `1` to `9` are what a regular expression captured
    public record Reference(String name, Variable variable) implements Part {
        @Override
        public boolean equals(Object other) {
            return other instanceof Reference reference && reference.name.equals(name);
        }

        @Override
        public int hashCode() {
            return name.hashCode();
        }
    }

    private final List<Part> parts;
    private final @Nullable String literal;                // the whole text, if there are no variables in it
    private final @Nullable Variable only;                 // the one part, if it is a variable

    private Template(List<Part> parts) {
        this.parts = List.copyOf(parts);
        this.literal = isLiteral() ? start() : null;
        this.only = parts.size() == 1 && parts.getFirst() instanceof Reference(_, var variable) ? variable : null;
    }

    /// Finds the variables of a text.
    @FunctionalInterface
    public interface Variables {

        /// @param name without the dollar sign
        /// @param index of the dollar sign in the text
        Variable find(String name, int index);
    }

    /// Text without variables, dollars included.
    public static Template literal(String text) {
        return text.isEmpty() ? EMPTY : new Template(List.of(new Literal(text)));
    }

    /// Reads `$name`, `${name}` and `$1`.
    ///
    /// @param variables gives the variable of a name, which begins at an index of the text
    /// @return nothing when a dollar sign begins none of these
    public static Optional<Template> parse(String text, Variables variables) {
        List<Part> parts = new ArrayList<>();
        int from = 0;
        for (int dollar = text.indexOf('$'); dollar >= 0; dollar = text.indexOf('$', from)) {
            addLiteral(parts, text.substring(from, dollar));
            boolean braced = text.startsWith("{", dollar + 1);
            int start = dollar + (braced ? 2 : 1);
            from = endOfName(text, start);
            if (from == start || braced && !text.startsWith("}", from)) {
                return Optional.empty();
            }
            String name = text.substring(start, from);
            parts.add(new Reference(name, variables.find(name, dollar)));
            from += braced ? 1 : 0;
        }
        addLiteral(parts, text.substring(from));
        return Optional.of(new Template(parts));
    }

    /// The templates one after the other.
    public static Template joined(List<Template> templates) {
        List<Part> parts = new ArrayList<>();
        for (Part part : templates.stream().flatMap(template -> template.parts.stream()).toList()) {
            if (part instanceof Literal(var text) && !parts.isEmpty() && parts.getLast() instanceof Literal(var before)) {
                parts.set(parts.size() - 1, new Literal(before + text));
            } else {
                parts.add(part);
            }
        }
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

    /// Literals and references in their order. No two literals are adjacent.
    public List<Part> parts() {
        return parts;
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

    /// The same with another literal text at its beginning, in the place of [#start()].
    public Template withStart(String text) {
        List<Part> changed = new ArrayList<>();
        addLiteral(changed, text);
        changed.addAll(start().isEmpty() ? parts : parts.subList(1, parts.size()));
        return new Template(changed);
    }

    /// The literal text it ends with; empty when it ends with a variable.
    public String end() {
        return !parts.isEmpty() && parts.getLast() instanceof Literal(var text) ? text : "";
    }

    /// The same with another literal text at its end, in the place of [#end()].
    public Template withEnd(String text) {
        List<Part> changed = new ArrayList<>(end().isEmpty() ? parts : parts.subList(0, parts.size() - 1));
        addLiteral(changed, text);
        return new Template(changed);
    }

    /// A template in two.
    public record Halves(Template before, Template behind) {
    }

    /// Splits it at the first occurrence of a character in literal text, which is in neither half. Empty if there is none.
    public Optional<Halves> split(char separator) {
        for (int i = 0; i < parts.size(); i++) {
            if (parts.get(i) instanceof Literal(var text) && text.indexOf(separator) >= 0) {
                int at = text.indexOf(separator);
                List<Part> before = new ArrayList<>(parts.subList(0, i));
                addLiteral(before, text.substring(0, at));
                List<Part> behind = new ArrayList<>();
                addLiteral(behind, text.substring(at + 1));
                behind.addAll(parts.subList(i + 1, parts.size()));
                return Optional.of(new Halves(new Template(before), new Template(behind)));
            }
        }
        return Optional.empty();
    }

    /// As [#apply(Exchange)], with another text in the place of each value.
    ///
    /// @param change gets the name of a variable and its value
    public String apply(Exchange exchange, BinaryOperator<String> change) {
        StringBuilder joined = new StringBuilder(64);
        for (Part part : parts) {
            switch (part) {
                case Literal(var text) -> joined.append(text);
                case Reference(var name, var variable) -> joined.append(change.apply(name, variable.of(exchange).orElse("")));
            }
        }
        return joined.toString();
    }

    @Override
    public String apply(Exchange exchange) {
        if (literal != null) {
            return literal;
        }
        if (only != null) {
            return only.of(exchange).orElse("");
        }
        StringBuilder joined = new StringBuilder(64);
        for (Part part : parts) {
            switch (part) {
                case Literal(var text) -> joined.append(text);
                case Reference(_, var variable) -> joined.append(variable.of(exchange).orElse(""));
            }
        }
        return joined.toString();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Template template && template.parts.equals(parts);
    }

    @Override
    public int hashCode() {
        return parts.hashCode();
    }

    /// As it is written, every variable in braces.
    @Override
    public String toString() {
        return parts.stream().map(part -> switch (part) {
            case Literal(var text) -> text;
            case Reference(var name, _) -> "${" + name + "}";
        }).collect(Collectors.joining());
    }
}
