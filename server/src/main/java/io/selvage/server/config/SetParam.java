package io.selvage.server.config;

import java.util.List;

/// A variable for the application: `uwsgi_param`.
///
/// @param ifNotEmpty not sent when the value comes out empty
public record SetParam(String name, Template value, boolean ifNotEmpty) implements Printable {
    static SetParam read(Line line) {
        if (line.count() > 2 && !line.argument(2).is("if_not_empty")) {
            line.argument(2).unknown();
        }
        return new SetParam(line.argument(0).name(), line.argument(1).template(), line.count() > 2);
    }

    @Override
    public List<String> words() {
        return ifNotEmpty ? List.of(name, value.toString(), "if_not_empty") : List.of(name, value.toString());
    }
}
