package io.selvage.server.config;

import io.selvage.server.http.Exchange;
import io.selvage.server.http.Variable;
import io.selvage.server.http.WritableVariable;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The variables of one configuration: those the server has, those that directives define, and those that regular expressions
/// define by their named groups. Uses are checked at the end, because a definition may follow its use. Used by one thread.
final class VariableNames {
    private final KnownVariables known;
    private final Set<String> defined = new HashSet<>();
    private final Map<String, Set<Position>> used = new HashMap<>();
    private final Map<String, Late> late = new HashMap<>();
    private final Set<String> computed = new HashSet<>();
    private final Set<String> set = new HashSet<>();       // on an exchange's way
    private final Set<String> assigned = new HashSet<>();  // those of them that a directive sets

    VariableNames(KnownVariables known) {
        this.known = known;
    }

    /// A variable that a directive after its use may define.
    private static final class Late implements Variable {
        private Variable variable;                         // complete before the configuration is used

        Late(Variable variable) {
            this.variable = variable;
        }

        @Override
        public Optional<String> of(Exchange exchange) {
            return variable.of(exchange);
        }
    }

    /// Names that are set on an exchange's way, by regular expressions.
    void define(Set<String> names) {
        defined.addAll(names);
        set.addAll(names);
    }

    /// A name that a directive sets on an exchange's way.
    ///
    /// @return false if the name is one of the server's own variables, which may not be changed
    boolean assign(String name) {
        if (known.fixed().test(name)) {
            return known.built().apply(name).filter(WritableVariable.class::isInstance).isPresent();
        }
        define(Set.of(name));
        assigned.add(name);
        return true;
    }

    /// Gives a name the value that a directive computes. The last definition of a name applies.
    ///
    /// @return false if the name is one of the server's own variables
    boolean define(String name, Variable variable) {
        if (known.fixed().test(name)) {
            return false;
        }
        defined.add(name);
        late(name).variable = variable;
        computed.add(name);
        return true;
    }

    /// The variable of this name. One that the server does not have is set on an exchange's way.
    Variable use(String name, Position position) {
        if (known.fixed().test(name)) {
            return known.built().apply(name).orElseThrow();
        }
        if (known.built().apply(name).isEmpty()) {
            used.computeIfAbsent(name, _ -> new HashSet<>()).add(position);
        }
        return late(name);
    }

    /// The variable of this name; empty if there is none. For the time when everything is read.
    Optional<Variable> find(String name) {
        Optional<Variable> built = known.built().apply(name);
        if (built.isEmpty() && !defined.contains(name)) {
            return Optional.empty();
        }
        Variable completed = late.get(name);
        return completed != null ? Optional.of(completed)
                : Optional.of(built.orElse(exchange -> exchange.routing().variable(name)));
    }

    private Late late(String name) {
        return late.computeIfAbsent(name,
                _ -> new Late(known.built().apply(name).orElse(exchange -> exchange.routing().variable(name))));
    }

    /// Completes the variables that have a value of their own once they are set on an exchange's way.
    private void complete(String name) {
        Late variable = late(name);
        Variable own = exchange -> exchange.routing().variable(name);
        Variable other = variable.variable;
        if (computed.contains(name) || known.built().apply(name).isPresent()) {
            variable.variable = exchange -> own.of(exchange).or(() -> other.of(exchange));
        } else if (assigned.contains(name)) {
            variable.variable = exchange -> own.of(exchange).or(() -> uninitialized(name, exchange));
        }
    }

    /// The empty value of a variable that is used before it is set. An exchange reports each once.
    private static Optional<String> uninitialized(String name, Exchange exchange) {
        exchange.routing().warnings().warn(exchange, "using uninitialized \"" + name + "\" variable");
        exchange.routing().setVariable(name, "");
        return Optional.of("");
    }

    /// Reports unknown variables. To be called once, when everything is read.
    void report(Problems problems) {
        set.forEach(this::complete);
        used.forEach((name, positions) -> {
            if (!defined.contains(name)) {
                String message = known.notBuilt().test(name) ? "variable \"$" + name + "\" is known, but not built yet"
                        : "unknown variable \"$" + name + "\"";
                positions.forEach(position -> problems.error(position, message));
            }
        });
    }
}
