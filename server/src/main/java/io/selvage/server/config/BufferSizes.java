package io.selvage.server.config;

import java.util.List;

/// Some buffers of one size.
///
/// @param size in bytes, of each
public record BufferSizes(int count, long size) implements Printable {
    static BufferSizes read(Line line) {
        return new BufferSizes(line.argument(0).number(1, 1 << 20), line.argument(1).size());
    }

    /// In bytes, of all together.
    public long total() {
        return count * size;
    }

    @Override
    public List<String> words() {
        return List.of(Integer.toString(count), Values.size(size));
    }
}
