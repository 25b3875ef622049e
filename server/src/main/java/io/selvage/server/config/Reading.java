package io.selvage.server.config;

/// What everything needs that reads arguments.
///
/// @param declared the names that may be referred to
/// @param prefix the folder that relative file names are meant in; empty to leave them as they are
record Reading(Problems problems, Variables variables, Declared declared, String prefix) {
    /// For lines of our own.
    static final Reading OURS = new Reading(new Problems(), new Variables(_ -> true), Declared.NOTHING, "");

    /// A file name with the prefix in front, if it is relative.
    String resolve(String name) {
        return prefix.isEmpty() || name.startsWith("/") ? name : prefix + "/" + name;
    }
}
