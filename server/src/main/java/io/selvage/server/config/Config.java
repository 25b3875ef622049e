package io.selvage.server.config;

import java.util.List;

/// A configuration with every default filled in. Immutable. Two are equal if they mean the same.
///
/// @param main the directives outside of all blocks, and the blocks
public record Config(Section main) {
    /// What holds for the process.
    public <R extends Record> R get(Class<R> type) {
        return main.get(type);
    }

    /// A block of the main level that there is once.
    ///
    /// @throws IllegalStateException when the language has no such block
    public Section block(Context kind) {
        List<Section> blocks = main.inside(kind);
        if (blocks.size() != 1) {
            throw new IllegalStateException("there is no single block \"" + kind + "\"");
        }
        return blocks.getFirst();
    }
}
