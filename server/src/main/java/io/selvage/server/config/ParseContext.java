package io.selvage.server.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// What everything needs that reads arguments. Used by one thread.
public final class ParseContext {
    private final Problems problems;
    private final VariableNames variables;
    private final String prefix;
    private final Map<String, List<Directive>> all = new HashMap<>();
    private final Map<String, Set<String>> declared = new HashMap<>();

    /// @param whole what the configuration says
    /// @param prefix the folder that relative file names are meant in; empty to leave them as they are
    ParseContext(Problems problems, VariableNames variables, List<Directive> whole, String prefix) {
        this.problems = problems;
        this.variables = variables;
        this.prefix = prefix;
        index(whole);
    }

    private void index(List<Directive> directives) {
        for (Directive directive : directives) {
            all.computeIfAbsent(directive.name().text(), _ -> new ArrayList<>()).add(directive);
            index(directive.block());
        }
    }

    /// For lines that stand in no file.
    static ParseContext empty() {
        return new ParseContext(new Problems(), new VariableNames(_ -> Optional.empty()), List.of(), "");
    }

    /// The names that all directives of one kind declare, wherever they stand.
    ///
    /// @param name how a directive says the name
    public Set<String> declared(String directive, Function<Directive, String> name) {
        return declared.computeIfAbsent(directive, kind -> {
            Set<String> names = new LinkedHashSet<>();
            all.getOrDefault(kind, List.of()).forEach(each -> names.add(name.apply(each)));
            return names;
        });
    }

    Problems problems() {
        return problems;
    }

    VariableNames variables() {
        return variables;
    }

    /// A folder or nothing.
    String prefix() {
        return prefix;
    }

    /// A file name with the prefix in front, if it is relative.
    String resolve(String name) {
        return prefix.isEmpty() || name.startsWith("/") ? name : prefix + "/" + name;
    }
}
