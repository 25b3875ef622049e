package io.selvage.server.files;

import io.selvage.cache.FileCache;
import io.selvage.cache.FileLookup;
import io.selvage.cache.FileName;
import io.selvage.server.engine.BlockingExecutor;
import io.selvage.server.net.ByteText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;

/// A test of a file (`-f`, `-d`, `-e`, `-x` of `if`). Symbolic links are followed.
///
/// @param cache remembers results for up to a second
public record FileTest(FileCache cache, Kind kind) {

    /// What a file must be.
    public enum Kind {
        FILE("-f"), DIRECTORY("-d"), EXISTING("-e"), EXECUTABLE("-x");

        private final String option;

        Kind(String option) {
            this.option = option;
        }
    }

    /// As it is written in `if`.
    public String option() {
        return kind.option;
    }

    /// Whether the file of a name is there and passes.
    public boolean passes(String name) {
        if (name.isEmpty() || name.indexOf('\0') >= 0) {
            return false;
        }
        int end = name.length();
        while (end > 1 && name.charAt(end - 1) == '/') {
            end--;
        }
        boolean slash = end < name.length();
        if (kind == Kind.EXECUTABLE || !name.startsWith("/")) {
            return passesOnDisk(name.substring(0, end), slash);
        }
        return switch (cache.find(new FileName(name.substring(0, end)))) {
            case FileLookup.Directory() -> kind != Kind.FILE;
            case FileLookup.Ready _, FileLookup.Open _, FileLookup.OnDisk _ -> kind != Kind.DIRECTORY && !slash;
            // One that may not be read is there all the same.
            case FileLookup.Forbidden() -> passesOnDisk(name.substring(0, end), slash);
            case FileLookup.Missing _, FileLookup.NotRegular _, FileLookup.Broken _ -> false;
        };
    }

    private boolean passesOnDisk(String name, boolean slash) {
        try {
            return BlockingExecutor.call(() -> passes(ByteText.path(name), slash));
        } catch (IOException | InvalidPathException notThere) {
            return false;
        }
    }

    private boolean passes(Path file, boolean slash) throws IOException {
        PosixFileAttributes facts = Files.readAttributes(file, PosixFileAttributes.class);
        boolean usable = facts.isDirectory() || facts.isRegularFile() && !slash;
        return usable && switch (kind) {
            case FILE -> facts.isRegularFile();
            case DIRECTORY -> facts.isDirectory();
            case EXISTING -> true;
            case EXECUTABLE -> facts.permissions().contains(PosixFilePermission.OWNER_EXECUTE);
        };
    }
}
