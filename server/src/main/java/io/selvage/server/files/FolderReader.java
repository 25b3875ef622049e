package io.selvage.server.files;

import io.selvage.server.files.ListedFile.Kind;
import io.selvage.server.net.ByteText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/// Reads what is in a folder. Blocks.
final class FolderReader {
    private FolderReader() {
    }

    /// The most files that are read: users who may create files in a folder must not fill the memory.
    static final int MOST = 100_000;

    /// The files of a folder in no order, without those whose name begins with a dot and those that may not be looked at.
    ///
    /// @return at most [#MOST]
    /// @throws IOException if the folder cannot be read
    static List<ListedFile> read(Path folder) throws IOException {
        List<ListedFile> files = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
            Iterator<Path> paths = stream.iterator();
            while (paths.hasNext() && files.size() < MOST) {
                Path path = paths.next();
                String name = ByteText.of(path.getFileName());
                if (!name.startsWith(".")) {
                    add(files, name, path);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return files;
    }

    private static void add(List<ListedFile> files, String name, Path path) {
        try {
            BasicFileAttributes found = attributes(path);
            Kind kind = found.isDirectory() ? Kind.DIRECTORY : found.isRegularFile() ? Kind.FILE : Kind.OTHER;
            files.add(new ListedFile(name, kind, found.size(), Math.floorDiv(found.lastModifiedTime().toMillis(), 1000L)));
        } catch (IOException e) {
            // It was deleted in the meantime, or may not be looked at.
        }
    }

    /// Those of the file that a link leads to; those of the link if it leads nowhere.
    private static BasicFileAttributes attributes(Path path) throws IOException {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class);
        } catch (IOException e) {
            return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        }
    }
}
