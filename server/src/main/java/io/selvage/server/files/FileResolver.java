package io.selvage.server.files;

import io.selvage.cache.FileCache;
import io.selvage.cache.FileLookup;
import io.selvage.cache.FileName;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.UriBytes;

/// The one way from a path to a file. However a path is spelled, what it leads to lies in the folder of its location;
/// symbolic links inside that folder are followed.
final class FileResolver {
    private static final FileLookup MISSING = new FileLookup.Missing();

    private FileResolver() {
    }

    /// What stands where `path` points, seen from the folder of the exchange's location. Behind a final slash that is
    /// a directory or nothing.
    ///
    /// Targets come without dot segments, but an alias can make one: `/img../x` behind `location /img { alias /data/; }`; and
    /// so can a variable. Such a path leads to nothing.
    static FileLookup find(FileCache cache, Exchange exchange, String path) {
        String file = exchange.routing().folder().file(exchange, path);
        if (!path.startsWith("/") || !file.startsWith("/") || file.indexOf('\0') >= 0 || UriBytes.hasStepUp(file)) {
            return MISSING;
        }
        int end = file.length();
        while (end > 1 && file.charAt(end - 1) == '/') {
            end--;
        }
        FileLookup found = cache.find(new FileName(file.substring(0, end)));
        return end == file.length() || !isFile(found) ? found : MISSING;
    }

    private static boolean isFile(FileLookup found) {
        return switch (found) {
            case FileLookup.Ready _, FileLookup.Open _, FileLookup.OnDisk _, FileLookup.NotRegular _ -> true;
            case FileLookup.Directory _, FileLookup.Missing _, FileLookup.Forbidden _, FileLookup.Broken _ -> false;
        };
    }
}
