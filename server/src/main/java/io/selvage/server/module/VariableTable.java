package io.selvage.server.module;

import io.selvage.server.http.Exchange;
import io.selvage.server.http.Variable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// The variables that configuration may name without declaring them: those of the modules, and the captures `$1` to `$9`.
/// Immutable.
final class VariableTable {
    /// Members of families that are variables of their own in nginx.
    private static final Set<String> MEMBERS = Set.of("http_cookie", "http_host", "http_referer", "http_user_agent", "http_via",
            "http_x_forwarded_for", "sent_http_cache_control", "sent_http_connection", "sent_http_content_length",
            "sent_http_content_type", "sent_http_keep_alive", "sent_http_last_modified", "sent_http_link", "sent_http_location",
            "sent_http_transfer_encoding");

    private final Map<String, Variable> named = new HashMap<>();
    private final Map<String, Function<String, Variable>> families = new HashMap<>();

    VariableTable(List<Module> modules, VariableSources sources) {
        for (Module module : modules) {
            Variables variables = module.variables(sources);
            named.putAll(variables.named());
            families.putAll(variables.families());
        }
    }

    /// The variable of this name, given without its dollar sign.
    Optional<Variable> find(String name) {
        Variable exact = named.get(name);
        if (exact != null) {
            return Optional.of(exact);
        }
        if (isCapture(name)) {
            int group = name.charAt(0) - '0';
            return Optional.of(exchange -> capture(exchange, group));
        }
        int underscore = name.indexOf('_');
        while (underscore > 0) {
            Function<String, Variable> family = families.get(name.substring(0, underscore + 1));
            if (family != null) {
                return Optional.of(family.apply(name.substring(underscore + 1)));
            }
            underscore = name.indexOf('_', underscore + 1);
        }
        return Optional.empty();
    }

    /// Whether the name belongs to one variable, rather than to none or to a family such as `$http_...`. No directive defines it.
    boolean isFixed(String name) {
        return named.containsKey(name) || isCapture(name) || MEMBERS.contains(name);
    }

    private static boolean isCapture(String name) {
        return name.length() == 1 && name.charAt(0) >= '1' && name.charAt(0) <= '9';
    }

    private static Optional<String> capture(Exchange exchange, int group) {
        List<String> captures = exchange.routing().captures();
        return group < captures.size() ? Optional.of(captures.get(group)) : Optional.empty();
    }
}
