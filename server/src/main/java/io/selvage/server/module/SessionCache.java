package io.selvage.server.module;

import io.selvage.server.config.Argument;
import io.selvage.server.config.Line;
import io.selvage.server.config.Printable;
import io.selvage.server.config.Values;
import java.util.List;
import java.util.OptionalLong;

/// Sessions that the server keeps: `ssl_session_cache`.
///
/// @param sessions how many; 0 for none
/// @param words the arguments
record SessionCache(int sessions, List<String> words) implements Printable {
    private static final int USUAL_SESSIONS = 20_480;
    /// nginx's documentation: one megabyte stores about 4000 sessions.
    private static final int BYTES = 256;
    private static final long SMALLEST_ZONE = 8L * 4096;
    private static final int MOST = 1_000_000;

    SessionCache {
        words = List.copyOf(words);
    }

    static SessionCache read(Line line) {
        long sessions = 0;
        for (Argument argument : line.arguments()) {
            String text = argument.text();
            if (text.equals("builtin") || text.startsWith("builtin:")) {
                sessions = Math.max(sessions, builtin(argument));
            } else if (text.startsWith("shared:")) {
                sessions = Math.max(sessions, shared(argument) / BYTES);
            } else if (!text.equals("off") && !text.equals("none")) {
                invalid(argument);
            }
        }
        return new SessionCache((int) Math.min(sessions, MOST), line.arguments().stream().map(Argument::text).toList());
    }

    private static int builtin(Argument argument) {
        return argument.is("builtin") ? USUAL_SESSIONS
                : argument.with(argument.text().substring("builtin:".length())).number(0, Integer.MAX_VALUE);
    }

    /// `shared:name:size`
    private static long shared(Argument argument) {
        String[] parts = argument.text().split(":", -1);
        OptionalLong size = parts.length == 3 && !parts[1].isEmpty() ? Values.size(parts[2]) : OptionalLong.empty();
        if (size.isEmpty()) {
            invalid(argument);
        } else if (size.getAsLong() < SMALLEST_ZONE) {
            argument.problem("session cache \"" + argument.text() + "\" is too small, it needs at least 32k");
        }
        return size.orElse(SMALLEST_ZONE);
    }

    private static void invalid(Argument argument) {
        argument.problem("invalid session cache \"" + argument.text()
                + "\"; known are \"off\", \"none\", \"builtin:sessions\" and \"shared:name:size\"");
    }
}
