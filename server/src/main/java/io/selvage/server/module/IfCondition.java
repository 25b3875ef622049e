package io.selvage.server.module;

import io.selvage.cache.FileCache;
import io.selvage.server.config.Argument;
import io.selvage.server.config.Line;
import io.selvage.server.config.Regexes;
import io.selvage.server.files.FileTest;
import io.selvage.server.http.Regex;
import io.selvage.server.http.Template;
import io.selvage.server.route.Condition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The condition of `if`, as it is written.
sealed interface IfCondition {
    Map<String, FileTest.Kind> FILE_TESTS = Map.of("-f", FileTest.Kind.FILE, "-d", FileTest.Kind.DIRECTORY,
            "-e", FileTest.Kind.EXISTING, "-x", FileTest.Kind.EXECUTABLE);

    /// The condition for requests.
    ///
    /// @param cache remembers tests of files
    Condition compiled(FileCache cache);

    /// The arguments of `if`.
    List<String> words();

    static IfCondition read(Line line) {
        List<Argument> words = inParentheses(line);
        Argument first = words.isEmpty() ? line.argument(0) : words.getFirst();
        if (words.size() == 1 && isVariable(first)) {
            return new IsSet(variable(first));
        }
        if (words.size() == 3 && isVariable(first)) {
            return comparison(variable(first), words.get(1), words.get(2));
        }
        String test = first.text().startsWith("!") ? first.text().substring(1) : first.text();
        if (words.size() == 2 && FILE_TESTS.containsKey(test)) {
            return new IsFile(test, words.get(1).template(), test.equals(first.text()));
        }
        first.problem("invalid condition \"" + first.text() + "\"");
        return new IsSet(Template.EMPTY);
    }

    /// The words between the parentheses; none if there are no parentheses.
    private static List<Argument> inParentheses(Line line) {
        List<Argument> words = new ArrayList<>(line.arguments());
        Argument first = words.getFirst();
        Argument last = words.getLast();
        if (!first.text().startsWith("(") || !last.text().endsWith(")")) {
            return List.of();
        }
        words.set(0, first.with(first.text().substring(1)));
        Argument end = words.getLast();
        words.set(words.size() - 1, end.with(end.text().substring(0, end.text().length() - 1)));
        // A parenthesis may stand alone.
        if (first.text().length() == 1) {
            words.removeFirst();
        }
        if (!words.isEmpty() && last.text().length() == 1) {
            words.removeLast();
        }
        return words;
    }

    private static boolean isVariable(Argument word) {
        return word.text().length() > 1 && word.text().startsWith("$");
    }

    private static Template variable(Argument word) {
        Template variable = word.template();
        if (variable.parts().size() > 1) {
            word.refuse("one variable");
        }
        return variable;
    }

    private static IfCondition comparison(Template variable, Argument operator, Argument value) {
        return switch (operator.text()) {
            case "=", "!=" -> new Equals(variable, value.template(), operator.is("="));
            case "~", "!~" -> new Matches(variable, Regexes.read(value, false), operator.is("~"));
            case "~*", "!~*" -> new Matches(variable, Regexes.read(value, true), operator.is("~*"));
            default -> {
                operator.problem("unexpected \"" + operator.text() + "\" in condition");
                yield new IsSet(variable);
            }
        };
    }

    private static List<String> parenthesised(String... words) {
        List<String> all = new ArrayList<>(List.of("("));
        all.addAll(List.of(words));
        all.add(")");
        return all;
    }

    /// `($a)`
    record IsSet(Template variable) implements IfCondition {
        @Override
        public Condition compiled(FileCache cache) {
            return new Condition.IsSet(variable);
        }

        @Override
        public List<String> words() {
            return parenthesised(name(variable));
        }
    }

    /// `($a = b)`, `($a != b)`
    record Equals(Template variable, Template value, boolean wanted) implements IfCondition {
        @Override
        public Condition compiled(FileCache cache) {
            return new Condition.Equals(variable, value, wanted);
        }

        @Override
        public List<String> words() {
            return parenthesised(name(variable), wanted ? "=" : "!=", value.toString());
        }
    }

    /// `($a ~ b)`, `~*`, `!~`, `!~*`
    record Matches(Template variable, Regex regex, boolean wanted) implements IfCondition {
        @Override
        public Condition compiled(FileCache cache) {
            return new Condition.Matches(variable, regex, wanted);
        }

        @Override
        public List<String> words() {
            return parenthesised(name(variable), (wanted ? "~" : "!~") + (regex.ignoreCase() ? "*" : ""), regex.source());
        }
    }

    /// `(-f name)`, `(!-f name)`
    ///
    /// @param test without an exclamation mark
    record IsFile(String test, Template name, boolean wanted) implements IfCondition {
        @Override
        public Condition compiled(FileCache cache) {
            FileTest.Kind kind = FILE_TESTS.getOrDefault(test, FileTest.Kind.FILE);
            return new Condition.IsFile(new FileTest(cache, kind), name, wanted);
        }

        @Override
        public List<String> words() {
            return parenthesised((wanted ? "" : "!") + test, name.toString());
        }
    }

    /// As a condition has it, without braces.
    private static String name(Template variable) {
        return variable.toString().replace("${", "$").replace("}", "");
    }
}
