package io.selvage.server.files;

import io.selvage.server.engine.BlockingExecutor;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Symlinks;
import io.selvage.server.net.ByteText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/// Looks for symbolic links on the way to a file. Each component is checked by itself, so a process that may change the folders
/// can replace one between the check and the use of the file.
final class SymlinkCheck {
    private static final String OWNER = "unix:uid";

    private SymlinkCheck() {
    }

    /// True if a component of the file's name is a link that must not be followed. A name that cannot be looked at is none.
    ///
    /// @param file an absolute file name without a slash at its end
    static boolean isForbidden(Symlinks symlinks, Exchange exchange, String file) {
        String from = symlinks.from().map(text -> text.apply(exchange)).orElse("");
        int start = isBeginning(from, file) ? from.length() : 0;
        return BlockingExecutor.call(() -> hasLink(symlinks.mode(), file, start));
    }

    /// True if `from` consists of the first components of the file's name.
    private static boolean isBeginning(String from, String file) {
        return file.startsWith(from)
                && (from.endsWith("/") || file.length() == from.length() || file.charAt(from.length()) == '/');
    }

    private static boolean hasLink(Symlinks.Mode mode, String file, int start) {
        int end = file.indexOf('/', start + 1);
        while (end >= 0) {
            if (isForbiddenLink(mode, ByteText.path(file.substring(0, end)))) {
                return true;
            }
            end = file.indexOf('/', end + 1);
        }
        return file.length() > start && isForbiddenLink(mode, ByteText.path(file));
    }

    private static boolean isForbiddenLink(Symlinks.Mode mode, Path path) {
        if (!Files.isSymbolicLink(path)) {
            return false;
        }
        try {
            return mode == Symlinks.Mode.ON || !Files.getAttribute(path, OWNER, LinkOption.NOFOLLOW_LINKS)
                    .equals(Files.getAttribute(path, OWNER));
        } catch (IOException e) {
            return true;
        }
    }
}
