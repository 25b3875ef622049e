package io.selvage.server.config;

import java.util.List;

/// How one setting is read from the lines that set it, and written as such lines.
interface Codec<T> {
    /// @param lines all lines of the nearest block that has any; none for a default without arguments
    T read(List<Line> lines);

    List<Directive> write(String name, T value);
}
