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

/// The attributes of a file, with symbolic links followed. Two equal values mean that the file has not changed.
///
/// @param kind     the kind of file, or why there is none
/// @param size     in bytes; 0 if there is no file
/// @param modified the modification time, which every owner can set
/// @param changed  the change time of the inode, which only the kernel sets; also changed by a new mode, owner or name
/// @param identity device and inode
public record Stat(Kind kind, long size, FileTime modified, FileTime changed, Object identity) {
    private static final String WANTED = "isRegularFile,isDirectory,size,lastModifiedTime,ctime,fileKey";
    private static final FileTime NEVER = FileTime.fromMillis(0);

    static final Stat MISSING = new Stat(Kind.MISSING, 0, NEVER, NEVER, "nothing");
    static final Stat FORBIDDEN = new Stat(Kind.FORBIDDEN, 0, NEVER, NEVER, "unknown");

    /// The kinds of files. `OTHER` is a pipe, a socket or a device, which must not be opened for reading.
    public enum Kind { REGULAR, DIRECTORY, OTHER, MISSING, FORBIDDEN }

    /// Queries the file system. Opens nothing, so a pipe cannot block it.
    ///
    /// @throws IOException if the query failed, for example because of a disk error
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

    // The JDK has no exception class for ELOOP. It adds these words itself, in English in every locale.
    private static boolean isLoop(FileSystemException e) {
        return e.getReason() != null && e.getReason().contains("symbolic link");
    }
}
