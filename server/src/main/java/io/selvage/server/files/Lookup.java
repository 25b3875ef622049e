package io.selvage.server.files;

import io.selvage.cache.FileCache;
import io.selvage.cache.FileName;
import io.selvage.cache.Found;
import io.selvage.server.http.Exchange;

/// The one way from a path to a file. However a path is spelled, what it leads to lies in the folder of its location;
/// symbolic links inside that folder are followed.
final class Lookup {
    private static final Found MISSING = new Found.Missing();

    private Lookup() {
    }

    /// What stands where `path` points, seen from the folder of the exchange's location. Behind a final slash that is
    /// a directory or nothing.
    static Found find(FileCache cache, Exchange exchange, String path) {
        String file = exchange.folder().file(exchange, path);
        if (!path.startsWith("/") || !file.startsWith("/") || file.indexOf('\0') >= 0 || hasStepUp(file)) {
            return MISSING;
        }
        int end = file.length();
        while (end > 1 && file.charAt(end - 1) == '/') {
            end--;
        }
        Found found = cache.find(new FileName(file.substring(0, end)));
        return end == file.length() || !isFile(found) ? found : MISSING;
    }

    /// Targets come without dot segments, but an alias can make one: `/img../x` behind `location /img { alias /data/; }`; and
    /// so can a variable.
    private static boolean hasStepUp(String file) {
        for (int at = file.indexOf("/.."); at >= 0; at = file.indexOf("/..", at + 1)) {
            if (at + 3 == file.length() || file.charAt(at + 3) == '/') {
                return true;
            }
        }
        return false;
    }

    private static boolean isFile(Found found) {
        return switch (found) {
            case Found.Ready _, Found.Open _, Found.OnDisk _, Found.NotRegular _ -> true;
            case Found.Directory _, Found.Missing _, Found.Forbidden _, Found.Broken _ -> false;
        };
    }
}
