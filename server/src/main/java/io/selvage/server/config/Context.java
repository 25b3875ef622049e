package io.selvage.server.config;

/// A place for directives: the file itself, or the block that a directive of this name opens.
public record Context(String name) {
    /// Outside of all blocks.
    public static final Context MAIN = new Context("main");

    @Override
    public String toString() {
        return name;
    }
}
