package io.selvage.server.config;

/// What everything needs that reads arguments.
///
/// @param declared the names that may be referred to
/// @param prefix the folder that relative file names are meant in; empty to leave them as they are
record ParseContext(Problems problems, VariableNames variables, DeclaredNames declared, String prefix) {
    /// For lines of our own.
    static final ParseContext OURS = new ParseContext(new Problems(), new VariableNames(_ -> true), DeclaredNames.NOTHING, "");

    /// A file name with the prefix in front, if it is relative.
    String resolve(String name) {
        return prefix.isEmpty() || name.startsWith("/") ? name : prefix + "/" + name;
    }
}
