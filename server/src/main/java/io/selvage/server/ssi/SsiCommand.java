package io.selvage.server.ssi;

import java.util.List;
import java.util.Optional;

/// A command of a page, such as `<!--# include virtual="/menu" -->`.
///
/// @param name as written
/// @param parameters in their order
record SsiCommand(String name, List<Parameter> parameters) {

    /// @param value without its quotes and the backslashes before such quotes
    record Parameter(String name, String value) {
    }

    /// What a command takes.
    ///
    /// @param required parameters that must be there
    /// @param optional parameters that may be there
    private record Form(List<String> required, List<String> optional) {
    }

    /// The value of a parameter.
    Optional<String> value(String parameter) {
        return parameters.stream().filter(each -> each.name.equals(parameter)).map(Parameter::value).findFirst();
    }

    /// The value of a parameter that [#problem] has found to be there.
    String required(String parameter) {
        return value(parameter).orElseThrow();
    }

    boolean is(String other) {
        return name.equals(other);
    }

    /// Whether it may wait for another answer.
    boolean mayWait() {
        return name.equals("include");
    }

    /// What is wrong with the command as it is written: an unknown name, or wrong parameters.
    Optional<String> problem() {
        Optional<Form> form = form();
        if (form.isEmpty()) {
            return Optional.of("invalid SSI command: \"" + name + "\"");
        }
        for (Parameter each : parameters) {
            if (!form.get().required.contains(each.name) && !form.get().optional.contains(each.name)) {
                return Optional.of("invalid parameter name: \"" + each.name + "\" in \"" + name + "\" SSI command");
            }
            if (parameters.stream().filter(other -> other.name.equals(each.name)).count() > 1) {
                return Optional.of("duplicate \"" + each.name + "\" parameter in \"" + name + "\" SSI command");
            }
        }
        return form.get().required.stream().filter(required -> value(required).isEmpty()).findFirst()
                .map(missing -> "mandatory \"" + missing + "\" parameter is absent in \"" + name + "\" SSI command");
    }

    private Optional<Form> form() {
        return Optional.ofNullable(switch (name) {
            case "include" -> new Form(List.of(), List.of("virtual", "file", "wait", "set", "stub"));
            case "echo" -> new Form(List.of("var"), List.of("default", "encoding"));
            case "config" -> new Form(List.of(), List.of("errmsg", "timefmt"));
            case "set" -> new Form(List.of("var", "value"), List.of());
            case "if", "elif" -> new Form(List.of("expr"), List.of());
            case "else", "endif", "endblock" -> new Form(List.of(), List.of());
            case "block" -> new Form(List.of("name"), List.of());
            default -> null;
        });
    }
}
