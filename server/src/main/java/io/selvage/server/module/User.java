package io.selvage.server.module;

import io.selvage.server.config.Argument;
import io.selvage.server.config.Line;
import io.selvage.server.config.Machine;
import io.selvage.server.config.Printable;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Who the server runs as: `user`.
public record User(String name, String group) implements Printable {
    static final User UNCHANGED = new User("", "");

    /// Names that distributions have for the user of a web server.
    private static final List<String> USUAL = List.of("www-data", "nginx", "http", "www");

    static User read(Line line) {
        Argument user = line.argument(0);
        Argument group = line.argument(line.count() - 1);
        Machine machine = user.machine();
        if (!machine.isRoot()) {
            line.warning("the \"user\" directive makes sense only for a server that root starts; it is ignored");
        } else if (!machine.hasUser(user.name())) {
            user.problem("there is no user \"" + user.text() + "\" on this machine" + hint(machine));
        } else if (!machine.hasGroup(group.name())) {
            group.problem("there is no group \"" + group.text() + "\" on this machine");
        }
        return new User(user.name(), group.name());
    }

    private static String hint(Machine machine) {
        String usual = USUAL.stream().filter(machine::hasUser).map(name -> "\"" + name + "\"").collect(Collectors.joining(", "));
        return usual.isEmpty() ? "" : "; it has " + usual;
    }

    @Override
    public List<String> words() {
        return Stream.of(name, group).distinct().toList();
    }
}
