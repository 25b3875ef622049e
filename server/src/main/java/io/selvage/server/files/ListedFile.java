package io.selvage.server.files;

/// One name in a folder.
///
/// @param name each `char` is one byte
/// @param kind of what a symbolic link leads to, if it leads anywhere
/// @param size in bytes
/// @param changed seconds since 1970
record ListedFile(String name, Kind kind, long size, long changed) {
    /// What it is.
    enum Kind { DIRECTORY, FILE, OTHER }

    boolean isDirectory() {
        return kind == Kind.DIRECTORY;
    }
}
