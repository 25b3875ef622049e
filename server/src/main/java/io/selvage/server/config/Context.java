package io.selvage.server.config;

/// A place for directives: the file itself, or the block that a directive of this name opens.
///
/// A block that means something else in another block has a second context, whose name says where it is: `if-in-server`.
public record Context(String name) {
    /// Outside of all blocks.
    public static final Context MAIN = new Context("main");

    /// The context of a block of this name inside another one only.
    static Context inside(String name, Context outer) {
        return new Context(name + "-in-" + outer.name);
    }

    /// As messages and documents name it.
    @Override
    public String toString() {
        return name.replace('-', ' ');
    }
}
