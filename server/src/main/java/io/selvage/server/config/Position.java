package io.selvage.server.config;

import java.util.Comparator;

/// A place in a configuration file. Lines and columns count from 1, columns in characters; line 0 means the file as a whole.
///
/// @param file the name by which the file was opened; each `char` is one byte, but text in a [Problem]
public record Position(String file, int line, int column) implements Comparable<Position> {
    private static final Comparator<Position> ORDER = Comparator.comparing(Position::file)
            .thenComparingInt(Position::line)
            .thenComparingInt(Position::column);

    static Position whole(String file) {
        return new Position(file, 0, 0);
    }

    @Override
    public int compareTo(Position other) {
        return ORDER.compare(this, other);
    }

    /// `file:line:column`, or the file's name alone.
    @Override
    public String toString() {
        return line == 0 ? file : file + ":" + line + ":" + column;
    }
}
