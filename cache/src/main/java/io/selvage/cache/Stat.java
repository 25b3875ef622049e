package io.selvage.cache;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;

import static java.util.Objects.requireNonNull;

/// What the file system says about a name, symbolic links followed. Two equal values mean: nothing has happened to the file.
///
/// @param kind     what stands there, if anything
/// @param size     in bytes; 0 unless there is something
/// @param modified when the content last changed, as anybody may set it
/// @param changed  when the inode last changed, as only the kernel sets it: also for a new mode, owner or name
/// @param identity device and inode
public record Stat(Kind kind, long size, FileTime modified, FileTime changed, Object identity) {
    private static final String WANTED = "isRegularFile,isDirectory,size,lastModifiedTime,ctime,fileKey";
    private static final FileTime NEVER = FileTime.fromMillis(0);

    static final Stat MISSING = new Stat(Kind.MISSING, 0, NEVER, NEVER, "nothing");
    static final Stat FORBIDDEN = new Stat(Kind.FORBIDDEN, 0, NEVER, NEVER, "unknown");

    /// What can stand under a name. `OTHER` is a pipe, a socket or a device: something that must not be opened to be read.
    public enum Kind { REGULAR, DIRECTORY, OTHER, MISSING, FORBIDDEN }

    /// Asks the file system. Opens nothing, so a pipe cannot make it wait.
    ///
    /// @throws IOException when the answer is neither yes nor no: the disk fails, the process has no memory
    static Stat of(Path path) throws IOException {
        try {
            Map<String, Object> seen = Files.readAttributes(path, "unix:" + WANTED);
            return new Stat(kind(seen), (Long) got(seen, "size"), (FileTime) got(seen, "lastModifiedTime"),
                    (FileTime) got(seen, "ctime"), got(seen, "fileKey"));
        } catch (NoSuchFileException e) {
            return MISSING;
        } catch (AccessDeniedException e) {
            return FORBIDDEN;
        } catch (FileSystemException e) {
            if (isLoop(e)) {
                return FORBIDDEN;
            }
            throw e;
        }
    }

    private static Kind kind(Map<String, Object> seen) {
        if ((Boolean) got(seen, "isRegularFile")) {
            return Kind.REGULAR;
        }
        return (Boolean) got(seen, "isDirectory") ? Kind.DIRECTORY : Kind.OTHER;
    }

    private static Object got(Map<String, Object> seen, String name) {
        return requireNonNull(seen.get(name), name);
    }

    // The JDK gives ELOOP no class of its own; these words it adds itself, in English in every locale.
    private static boolean isLoop(FileSystemException e) {
        return e.getReason() != null && e.getReason().contains("symbolic link");
    }
}
