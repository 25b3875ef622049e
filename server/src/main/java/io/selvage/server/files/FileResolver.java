package io.selvage.server.files;

import io.selvage.cache.FileCache;
import io.selvage.cache.FileLookup;
import io.selvage.cache.FileName;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Symlinks;
import io.selvage.server.http.UriBytes;

/// Finds the file of a path, for all handlers. Whatever the spelling of a path, its file is in the folder of the location;
/// symbolic links inside that folder are followed unless the location forbids it.
final class FileResolver {
    private static final FileLookup MISSING = new FileLookup.Missing();
    private static final FileLookup FORBIDDEN = new FileLookup.Forbidden();

    private FileResolver() {
    }

    /// The file at `path` in the folder of the exchange's location. With a final slash it is
    /// a directory or nothing.
    ///
    /// Targets come without dot segments, but an alias can make one: `/img../x` behind `location /img { alias /data/; }`; and
    /// so can a variable. Such a path leads to nothing.
    static FileLookup find(FileCache cache, Exchange exchange, String path) {
        return find(cache, exchange, path, exchange.routing().folder().file(exchange, path));
    }

    /// The file beside the one at `path` whose name is longer by `suffix`.
    static FileLookup beside(FileCache cache, Exchange exchange, String path, String suffix) {
        String file = exchange.routing().folder().file(exchange, path);
        return file.isEmpty() ? MISSING : find(cache, exchange, path, file + suffix);
    }

    private static FileLookup find(FileCache cache, Exchange exchange, String path, String file) {
        if (!path.startsWith("/") || !file.startsWith("/") || file.indexOf('\0') >= 0 || UriBytes.hasStepUp(file)) {
            return MISSING;
        }
        int end = file.length();
        while (end > 1 && file.charAt(end - 1) == '/') {
            end--;
        }
        String name = file.substring(0, end);
        FileLookup found = cache.find(new FileName(name));
        Symlinks symlinks = exchange.routing().folder().symlinks();
        if (symlinks != Symlinks.FOLLOWED && !(found instanceof FileLookup.Missing)
                && SymlinkCheck.isForbidden(symlinks, exchange, name)) {
            return FORBIDDEN;
        }
        return end == file.length() || !isFile(found) ? found : MISSING;
    }

    private static boolean isFile(FileLookup found) {
        return switch (found) {
            case FileLookup.Ready _, FileLookup.Open _, FileLookup.OnDisk _, FileLookup.NotRegular _ -> true;
            case FileLookup.Directory _, FileLookup.Missing _, FileLookup.Forbidden _, FileLookup.Broken _ -> false;
        };
    }
}
