package io.selvage.server.module;

import io.selvage.server.config.Directives;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;

/// What nginx has and the server has not: directives that are accepted without effect, each with its reason, and directives and
/// variables that are not built.
final class AbsentModule implements Module {
    /// The variables of nginx that are not built.
    static final Names VARIABLES = new Names(text("known-variables"));

    /// Names, and beginnings of names.
    static final class Names {
        private final Set<String> names = new HashSet<>();

        /// @param lines one name on each line; a `*` at its end matches any end
        private Names(String lines) {
            lines.lines().filter(line -> !line.isEmpty() && !line.startsWith("#")).forEach(names::add);
        }

        boolean contains(String name) {
            boolean found = names.contains(name);
            for (int end = name.indexOf('_'); end > 0 && !found; end = name.indexOf('_', end + 1)) {
                found = end + 1 < name.length() && names.contains(name.substring(0, end + 1) + "*");
            }
            return found;
        }

        Set<String> all() {
            return Set.copyOf(names);
        }
    }

    @Override
    public Directives directives() {
        return new Directives().meaningless(text("meaningless-directives")).known(text("known-directives"));
    }

    private static String text(String resource) {
        return new String(Modules.resource(resource), StandardCharsets.UTF_8);
    }
}
