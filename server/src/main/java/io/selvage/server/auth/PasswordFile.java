package io.selvage.server.auth;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// The users of a file that `htpasswd` wrote, and the hashes of their passwords. Immutable.
final class PasswordFile {
    private final Map<String, PasswordHash> users = new HashMap<>();

    /// Reads lines `user:hash` or `user:hash:comment`. A line that begins with `#` is a comment. Of two lines for one user the
    /// first counts.
    ///
    /// @param text each `char` is one byte
    PasswordFile(String text) {
        for (String line : text.split("\n")) {
            int colon = line.indexOf(':');
            if (colon > 0 && line.charAt(0) != '#') {
                users.putIfAbsent(line.substring(0, colon), new PasswordHash(hash(line, colon + 1)));
            }
        }
    }

    private static String hash(String line, int from) {
        int end = from;
        while (end < line.length() && line.charAt(end) != ':' && line.charAt(end) != '\r') {
            end++;
        }
        return line.substring(from, end);
    }

    Optional<PasswordHash> find(String user) {
        return Optional.ofNullable(users.get(user));
    }
}
