package io.selvage.server.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/// One argument of a directive, to be read as what it should be. What cannot be read is reported, and something
/// harmless comes back: the configuration will not be used.
///
/// @param owner the directive, or the option, whose value this is
record Argument(String owner, Word word, ParseContext reading) {

    String text() {
        return word.text();
    }

    boolean is(String text) {
        return word.text().equals(text);
    }

    /// The value of an option `key=value`, owned by the key.
    Argument option() {
        return new Argument(word.key(), new Word(word.value(), word.position()), reading);
    }

    /// The same place with another text.
    Argument with(String text) {
        return new Argument(owner, new Word(text, word.position()), reading);
    }

    void problem(String message) {
        reading.problems().error(word.position(), message);
    }

    /// Reports that the directive needs something else than this.
    void refuse(String needed) {
        problem("\"" + owner + "\" needs " + needed + ", got \"" + text() + "\"");
    }

    /// Reports an option or a parameter that the directive does not have.
    void unknown() {
        problem("\"" + owner + "\" has no parameter \"" + text() + "\"");
    }

    /// Reports something that nginx has and this server does not.
    void notBuilt() {
        problem("\"" + text() + "\" of \"" + owner + "\" is known, but not built yet");
    }

    boolean flag() {
        boolean on = text().equalsIgnoreCase("on");
        if (!on && !text().equalsIgnoreCase("off")) {
            refuse("\"on\" or \"off\"");
        }
        return on;
    }

    int number(int least, int most) {
        OptionalLong number = Values.number(text());
        if (number.isEmpty()) {
            refuse("a number");
        } else if (number.getAsLong() < least || number.getAsLong() > most) {
            refuse(most == Integer.MAX_VALUE ? "a number from " + least : "a number from " + least + " to " + most);
        } else {
            return (int) number.getAsLong();
        }
        return least;
    }

    long size() {
        OptionalLong size = Values.size(text());
        if (size.isEmpty()) {
            refuse("a size");
        }
        return size.orElse(0);
    }

    Duration time() {
        OptionalLong millis = Values.millis(text());
        if (millis.isEmpty()) {
            refuse("a time");
        }
        return Duration.ofMillis(millis.orElse(0));
    }

    Template template() {
        return Template.read(this);
    }

    /// A file name, with the prefix in front if it is relative.
    Path path() {
        try {
            return Path.of(reading.resolve(text()));
        } catch (InvalidPathException e) {
            refuse("a file name");
            return Path.of("");
        }
    }

    /// A file name with variables, with the prefix in front if it is relative and begins with text.
    Template pathTemplate() {
        Template name = template();
        return name.start().isEmpty() || reading.prefix().isEmpty() || name.start().startsWith("/")
                ? name
                : name.after(reading.prefix() + "/");
    }

    /// A name with nothing but printable text in it.
    String name() {
        if (text().isEmpty()) {
            refuse("a name");
        }
        return text();
    }

    /// A name that a directive elsewhere declares.
    ///
    /// @param kind what it is the name of
    String declared(Function<DeclaredNames, Set<String>> names, String kind) {
        if (!names.apply(reading.declared()).contains(text())) {
            problem("unknown " + kind + " \"" + text() + "\"");
        }
        return text();
    }

    <E extends Enum<E>> E choice(Class<E> type) {
        List<E> choices = List.of(type.getEnumConstants());
        return choices.stream().filter(choice -> text().equalsIgnoreCase(written(choice))).findFirst().orElseGet(() -> {
            refuse(choices.stream().map(choice -> "\"" + written(choice) + "\"").collect(Collectors.joining(", ")));
            return choices.getFirst();
        });
    }

    /// A choice as it is written: the name of the constant in small letters, unless it has a text of its own.
    static String written(Enum<?> choice) {
        return choice.toString().toLowerCase(Locale.ROOT);
    }
}
