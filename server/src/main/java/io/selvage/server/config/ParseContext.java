package io.selvage.server.config;

import io.selvage.server.http.Variable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// What the readers of arguments share. Used by one thread.
public final class ParseContext {
    private final Problems problems;
    private final VariableNames variables;
    private final String prefix;
    private final String folder;
    private final Machine machine;
    private final Map<String, List<Directive>> all = new HashMap<>();
    private final Map<String, Set<String>> declared = new HashMap<>();

    /// @param whole all directives of the configuration
    /// @param prefix the folder that relative file names are meant in; empty to leave them as they are
    /// @param folder of the main configuration file; empty to leave names as they are
    /// @param machine that the configuration is for
    ParseContext(Problems problems, VariableNames variables, List<Directive> whole, String prefix, String folder,
            Machine machine) {
        this.problems = problems;
        this.variables = variables;
        this.prefix = prefix;
        this.folder = folder;
        this.machine = machine;
        index(whole);
    }

    private void index(List<Directive> directives) {
        for (Directive directive : directives) {
            all.computeIfAbsent(directive.name().text(), _ -> new ArrayList<>()).add(directive);
            index(directive.block());
        }
    }

    /// For lines that are in no file.
    static ParseContext empty() {
        return new ParseContext(new Problems(), new VariableNames(KnownVariables.NONE), List.of(), "", "", Machine.ANY);
    }

    /// The names that all directives of one kind declare, in any block.
    ///
    /// @param name gives the name that a directive declares
    public Set<String> declared(String directive, Function<Directive, String> name) {
        return declared.computeIfAbsent(directive, kind -> {
            Set<String> names = new LinkedHashSet<>();
            all.getOrDefault(kind, List.of()).forEach(each -> names.add(name.apply(each)));
            return names;
        });
    }

    /// The variable of a name; empty if neither the server nor the configuration has it.
    public Optional<Variable> variable(String name) {
        return variables.find(name);
    }

    /// Defines a variable for the whole configuration, for uses before this call as well. The last definition of a name applies.
    ///
    /// @return false if the name is one of the server's own variables
    public boolean define(String name, Variable variable) {
        return variables.define(name, variable);
    }

    Problems problems() {
        return problems;
    }

    VariableNames variables() {
        return variables;
    }

    Machine machine() {
        return machine;
    }

    /// The folder of the main configuration file, or nothing.
    public String folder() {
        return folder;
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
