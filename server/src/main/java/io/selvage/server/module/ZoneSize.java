package io.selvage.server.module;

import io.selvage.server.config.Argument;
import io.selvage.server.config.Directive;
import io.selvage.server.config.Values;

/// `name:size`, as zones are declared.
record ZoneSize(String name, long size) {
    private static final long SMALLEST = 32 << 10;

    /// The name that a line declares with its parameter `zone`; empty if it has none.
    static String declaredBy(Directive line) {
        return line.arguments().stream().filter(word -> word.key().equals("zone")).map(word -> name(word.value()))
                .findFirst().orElse("");
    }

    private static String name(String zone) {
        int colon = zone.lastIndexOf(':');
        return colon < 1 ? zone : zone.substring(0, colon);
    }

    static ZoneSize read(Argument argument) {
        String name = name(argument.text());
        if (name.length() == argument.text().length()) {
            argument.refuse("a name and a size");
            return new ZoneSize(name, SMALLEST);
        }
        Argument size = argument.with(argument.text().substring(name.length() + 1));
        long bytes = size.size();
        if (bytes > 0 && bytes < SMALLEST) {
            size.refuse("a size of 32k or more");
        }
        return new ZoneSize(name, bytes);
    }

    /// The parameter that it was read from.
    String word() {
        return "zone=" + name + ":" + Values.size(size);
    }
}
