package io.selvage.server.config;

import java.util.List;

/// A field of the request to a peer: `proxy_set_header`.
public record SetHeader(String name, Template value) implements Printable {
    static SetHeader read(Line line) {
        return new SetHeader(line.argument(0).name(), line.argument(1).template());
    }

    @Override
    public List<String> words() {
        return List.of(name, value.toString());
    }
}
