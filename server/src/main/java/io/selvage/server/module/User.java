package io.selvage.server.module;

import io.selvage.server.config.Line;
import io.selvage.server.config.Printable;
import java.util.List;

/// Who the server runs as: `user`.
public record User(String name, String group) implements Printable {
    static final User UNCHANGED = new User("", "");

    static User read(Line line) {
        String name = line.argument(0).name();
        return new User(name, line.count() > 1 ? line.argument(1).name() : name);
    }

    @Override
    public List<String> words() {
        return List.of(name, group);
    }
}
