package io.selvage.server.config;

import java.util.List;

/// A directive that is being read, and the block that contains it.
public record Line(Directive directive, Scope scope) {

    public String name() {
        return directive.name().text();
    }

    /// The name itself, for lines inside a block where any word may be one.
    public Argument word() {
        return new Argument(name(), directive.name(), scope.reading());
    }

    /// The argument at an index from 0, which the shape of the directive has to guarantee.
    public Argument argument(int index) {
        return new Argument(name(), directive.arguments().get(index), scope.reading());
    }

    public List<Argument> arguments() {
        return argumentsFrom(0);
    }

    /// The arguments from an index on; empty if there are fewer.
    public List<Argument> argumentsFrom(int index) {
        return directive.arguments().stream().skip(index).map(word -> new Argument(name(), word, scope.reading())).toList();
    }

    /// What is inside of the block that the directive opens, with what is around it.
    public Scope inside() {
        return scope.inside(directive);
    }

    public int count() {
        return directive.arguments().size();
    }

    /// True if this word is the only argument, as in `off`.
    public boolean hasOnly(String word) {
        return count() == 1 && argument(0).is(word);
    }

    /// Reports an error at the position of the name. A configuration with errors is not used.
    public void problem(String message) {
        scope.reading().problems().error(directive.position(), message);
    }

    /// Reports something doubtful at the position of the name. The configuration is used nevertheless.
    public void warning(String message) {
        scope.reading().problems().warning(directive.position(), message);
    }
}
