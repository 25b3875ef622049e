package io.selvage.server.config;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// The arguments of a directive that has no effect. They are checked as nginx checks them, so that a mistake is found.
///
/// A parameter is written as its choices, `on|off`. A choice is a literal word, or a kind of value in angle brackets, which may
/// have a literal beginning: `max=<number>`.
///
/// @param required one argument each, in this order
/// @param optional what the arguments behind them may be, in any order
/// @param unbounded whether there may be any number of optional ones
public record Usage(List<List<String>> required, List<List<String>> optional, boolean unbounded) {
    /// Text with variables, which the [Checker] looks up.
    private static final String VARIABLES = "<variables>";

    /// Takes any arguments.
    static final Usage ANY = parse("<any>*");

    /// Reads parameters that are separated by spaces. A `?` behind one makes it optional; a `*` lets it occur any number of
    /// times.
    static Usage parse(String text) {
        List<List<String>> required = new ArrayList<>();
        List<List<String>> optional = new ArrayList<>();
        for (String parameter : text.split(" +")) {
            List<String> choices = List.of(parameter.replaceFirst("[?*]$", "").split("\\|"));
            (parameter.endsWith("?") || parameter.endsWith("*") ? optional : required).add(choices);
        }
        return new Usage(required, optional, text.contains("*"));
    }

    Shape shape() {
        return Shape.of(required.size(), unbounded ? Integer.MAX_VALUE : required.size() + optional.size());
    }

    /// What is needed in the place of an argument that is not acceptable there; empty if it is acceptable.
    ///
    /// @param index of the argument
    String needed(int index, String argument) {
        List<String> choices = choices(index);
        return choices.stream().anyMatch(choice -> matches(choice, argument)) ? ""
                : choices.stream().map(Usage::described).collect(Collectors.joining(" or "));
    }

    /// True if the variables in an argument must be known.
    boolean hasVariables(int index) {
        return choices(index).contains(VARIABLES);
    }

    private List<String> choices(int index) {
        return index < required.size() ? required.get(index) : optional.stream().flatMap(List::stream).toList();
    }

    private static boolean matches(String choice, String argument) {
        int kind = choice.indexOf('<');
        if (kind < 0) {
            return choice.equalsIgnoreCase(argument);
        }
        return argument.startsWith(choice.substring(0, kind)) && isKind(choice.substring(kind), argument.substring(kind));
    }

    private static boolean isKind(String kind, String value) {
        return switch (kind) {
            case "<number>" -> Values.number(value).isPresent();
            case "<integer>" -> Values.number(value.replaceFirst("^[+-]", "")).isPresent();
            case "<size>" -> Values.size(value).isPresent();
            case "<time>" -> Values.millis(value).isPresent();
            case "<mask>" -> value.matches("[01]+");
            case "<text>" -> !value.isEmpty();
            case "<any>", VARIABLES -> true;
            default -> throw new IllegalStateException("no kind " + kind);
        };
    }

    private static String described(String choice) {
        if (!choice.startsWith("<")) {
            return "\"" + choice + "\"";
        }
        String kind = choice.substring(1, choice.length() - 1);
        return (kind.equals("integer") ? "an " : "a ") + kind;
    }
}
