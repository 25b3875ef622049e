package io.selvage.server.config;

import io.selvage.server.http.Status;
import io.selvage.server.http.Template;
import io.selvage.server.http.Variable;
import io.selvage.server.net.ByteText;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/// One argument of a directive, to be read as what it should be. What cannot be read is reported, and something
/// harmless comes back: the configuration will not be used.
///
/// @param owner the directive, or the option, whose value this is
public record Argument(String owner, Word word, ParseContext reading) {

    /// The argument without quotes and escapes; each `char` is one byte.
    public String text() {
        return word.text();
    }

    /// True if the argument is this text, case included.
    public boolean is(String text) {
        return word.text().equals(text);
    }

    /// The value of an option `key=value`, owned by the key.
    public Argument option() {
        return new Argument(word.key(), word.with(word.value()), reading);
    }

    /// The same place with another text.
    public Argument with(String text) {
        return new Argument(owner, word.with(text), reading);
    }

    /// Reports an error at the position of this argument. A configuration with errors is not used.
    public void problem(String message) {
        reading.problems().error(word.position(), message);
    }

    /// Reports something doubtful at the position of this argument. The configuration is used nevertheless.
    public void warning(String message) {
        reading.problems().warning(word.position(), message);
    }

    /// Reports that the directive needs something else than this.
    public void refuse(String needed) {
        problem(refusal(owner, needed, text()));
    }

    static String refusal(String owner, String needed, String got) {
        return "\"" + owner + "\" needs " + needed + ", got \"" + got + "\"";
    }

    /// Reports an option or a parameter that the directive does not have.
    public void unknown() {
        problem("\"" + owner + "\" has no parameter \"" + text() + "\"");
    }

    /// Reports something that nginx has and this server does not.
    public void notBuilt() {
        problem("\"" + text() + "\" of \"" + owner + "\" is known, but not built yet");
    }

    /// True for `on`, false for `off`, in either case; false after a problem.
    public boolean flag() {
        boolean on = text().equalsIgnoreCase("on");
        if (!on && !text().equalsIgnoreCase("off")) {
            refuse("\"on\" or \"off\"");
        }
        return on;
    }

    /// A decimal number within the bounds, both included; `least` after a problem.
    public int number(int least, int most) {
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

    /// A status, given by its code.
    public Status status(int least, int most) {
        int code = number(least, most);
        if (code < 100 && Values.number(text()).equals(OptionalLong.of(code))) {
            refuse("a status code of three digits");
        }
        return Status.of(Math.max(code, 100));
    }

    /// Bytes, as [Values#size(String)] reads them; 0 after a problem.
    public long size() {
        OptionalLong size = Values.size(text());
        if (size.isEmpty()) {
            refuse("a size");
        }
        return size.orElse(0);
    }

    /// A time, as [Values#millis] reads it; zero after a problem.
    public Duration time() {
        OptionalLong millis = Values.millis(text());
        if (millis.isEmpty()) {
            refuse("a time");
        }
        return Duration.ofMillis(millis.orElse(0));
    }

    /// Text with variables. A dollar sign that begins no variable is reported and stays text.
    public Template template() {
        return Template.parse(text(), (name, index) -> reading.variables().use(name, word.at(index))).orElseGet(() -> {
            problem("invalid variable name in \"" + text() + "\"");
            return Template.literal(text());
        });
    }

    /// The name of a variable that the directive defines, without its dollar sign.
    public String variableName() {
        if (text().length() < 2 || !text().startsWith("$")) {
            problem("invalid variable name \"" + text() + "\"");
        }
        return text().isEmpty() ? "" : text().substring(1);
    }

    /// The name of a variable that the directive sets on an exchange's way, without its dollar sign. Reports one that may not be
    /// changed.
    public String assigned() {
        String name = variableName();
        if (!name.isEmpty() && !reading.variables().assign(name)) {
            problem("the variable \"" + text() + "\" cannot be changed");
        }
        return name;
    }

    /// Defines the variable of that name. Reports one of the server's own variables.
    public void define(Variable variable) {
        if (!reading.define(variableName(), variable)) {
            problem("the variable \"" + text() + "\" exists already");
        }
    }

    /// A file name, with the prefix in front if it is relative.
    public Path path() {
        try {
            return ByteText.path(reading.resolve(text()));
        } catch (InvalidPathException e) {
            refuse("a file name");
            return Path.of("");
        }
    }

    /// The name of a file that belongs to the configuration, with the folder of the main configuration file in front if it is
    /// relative.
    public Path configPath() {
        String folder = reading.folder();
        try {
            return ByteText.path(folder.isEmpty() || text().startsWith("/") ? text() : folder + "/" + text());
        } catch (InvalidPathException e) {
            refuse("a file name");
            return Path.of("");
        }
    }

    /// The name of a file that the server writes. Reports a file that it could not open.
    public Path output() {
        Path file = path();
        reading.machine().whyNotWritable(file).ifPresent(why ->
                problem("\"" + owner + "\" cannot write \"" + text() + "\": " + why));
        return file;
    }

    /// What the machine has.
    public Machine machine() {
        return reading.machine();
    }

    /// A file name with variables, with the prefix in front if it is relative and begins with text.
    public Template pathTemplate() {
        return pathTemplate(reading.prefix());
    }

    /// The same for a file that belongs to the configuration: with the folder of the main configuration file in front.
    public Template configPathTemplate() {
        return pathTemplate(reading.folder());
    }

    private Template pathTemplate(String folder) {
        Template name = template();
        return name.start().isEmpty() || folder.isEmpty() || name.start().startsWith("/")
                ? name
                : name.withStart(folder + "/" + name.start());
    }

    /// As [#pathTemplate], with the prefix in front also if it begins with a variable: for files that the server writes.
    public Template outputTemplate() {
        Template name = template();
        return reading.prefix().isEmpty() || name.start().startsWith("/") ? name
                : name.withStart(reading.prefix() + "/" + name.start());
    }

    /// A name. Only an empty one is reported.
    public String name() {
        if (text().isEmpty()) {
            refuse("a name");
        }
        return text();
    }

    /// A name that a directive elsewhere declares.
    ///
    /// @param names all that are declared
    /// @param kind what it is the name of
    public String declared(Set<String> names, String kind) {
        if (!names.contains(text())) {
            problem("unknown " + kind + " \"" + text() + "\"");
        }
        return text();
    }

    /// The constant that is written like this ([#written]), without regard to case; the first constant after a problem.
    public <E extends Enum<E>> E choice(Class<E> type) {
        return choice(List.of(type.getEnumConstants()));
    }

    <E extends Enum<E>> E choice(List<E> choices) {
        return choices.stream().filter(choice -> text().equalsIgnoreCase(written(choice))).findFirst().orElseGet(() -> {
            refuse(choices.stream().map(choice -> "\"" + written(choice) + "\"").collect(Collectors.joining(", ")));
            return choices.getFirst();
        });
    }

    /// A choice as it is written: the name of the constant in small letters, unless it has a text of its own.
    public static String written(Enum<?> choice) {
        return choice.toString().toLowerCase(Locale.ROOT);
    }
}
