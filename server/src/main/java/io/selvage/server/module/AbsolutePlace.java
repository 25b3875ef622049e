package io.selvage.server.module;

import io.selvage.server.http.Template;
import io.selvage.server.net.ByteText;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;

/// Makes the path of `root` or `alias` absolute and removes `..` segments from it, because a configured `..` could not be
/// distinguished from one that a request brought in.
final class AbsolutePlace {

    private AbsolutePlace() {
    }

    /// The normalized path. Only the part before the first variable is changed.
    static Template of(Template written) {
        String start = written.start();
        int end = written.isLiteral() ? start.length() : start.lastIndexOf('/') + 1;
        if (end == 0) {
            return written;
        }
        return written.withStart(plain(start.substring(0, end)) + start.substring(end));
    }

    /// Keeps a final slash, because `alias` appends the rest of a path directly to it.
    private static String plain(String name) {
        String absolute = name.startsWith("/") ? name : ByteText.of(Path.of("").toAbsolutePath()) + "/" + name;
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
