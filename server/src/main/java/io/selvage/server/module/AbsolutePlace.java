package io.selvage.server.module;

import io.selvage.server.http.Template;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;

/// Where `root` and `alias` point, as a name that begins at the root of the file system and has no steps up in it. Files are
/// looked for under no other name: a step up that a request brought in could not be distinguished from one that was configured.
final class AbsolutePlace {

    private AbsolutePlace() {
    }

    /// The same place. Only what stands before the first variable is worked out.
    static Template of(Template written) {
        String start = written.start();
        int end = written.isLiteral() ? start.length() : start.lastIndexOf('/') + 1;
        if (end == 0) {
            return written;
        }
        return written.withStart(plain(start.substring(0, end)) + start.substring(end));
    }

    /// A slash at the end stays, for an alias puts the rest of a path right behind it.
    private static String plain(String name) {
        String absolute = name.startsWith("/") ? name : Path.of("").toAbsolutePath() + "/" + name;
        Deque<String> steps = new ArrayDeque<>();
        for (String step : absolute.split("/", -1)) {
            switch (step) {
                case "", "." -> { }
                case ".." -> steps.pollLast();
                default -> steps.addLast(step);
            }
        }
        String plain = "/" + String.join("/", steps);
        return name.endsWith("/") && !steps.isEmpty() ? plain + "/" : plain;
    }
}
