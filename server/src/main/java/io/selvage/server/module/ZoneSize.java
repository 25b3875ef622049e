package io.selvage.server.module;

import io.selvage.server.config.Argument;

/// `name:size`, as zones are declared.
record ZoneSize(String name, long size) {
    private static final long SMALLEST = 32 << 10;

    static ZoneSize read(Argument argument) {
        int colon = argument.text().lastIndexOf(':');
        if (colon < 1) {
            argument.refuse("a name and a size");
            return new ZoneSize(argument.text(), SMALLEST);
        }
        Argument size = argument.with(argument.text().substring(colon + 1));
        long bytes = size.size();
        if (bytes > 0 && bytes < SMALLEST) {
            size.refuse("a size of 32k or more");
        }
        return new ZoneSize(argument.text().substring(0, colon), bytes);
    }
}
