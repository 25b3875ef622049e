package io.selvage.server.config;

import java.util.List;

/// A field for answers: `add_header`. One whose value comes out empty is not sent.
///
/// @param always for answers of every status, and not only for successes and redirects
public record AddHeader(String name, Template value, boolean always) implements Printable {
    static AddHeader read(Line line) {
        if (line.count() > 2 && !line.argument(2).is("always")) {
            line.argument(2).unknown();
        }
        return new AddHeader(line.argument(0).name(), line.argument(1).template(), line.count() > 2);
    }

    @Override
    public List<String> words() {
        return always ? List.of(name, value.toString(), "always") : List.of(name, value.toString());
    }
}
