package io.selvage.server.config;

import io.selvage.server.http.Template;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Holds a tree of directives against the [Catalogue]: names, places, numbers of arguments, blocks, repetitions.
final class Checker {
    private final Catalogue catalogue;
    private final Context bare;
    private final Problems problems;
    private final VariableNames variables;
    private List<Directive> whole = List.of();             // while it is checked

    /// @param bare the block that files begin in which need nothing of the main level
    /// @param variables get those that a refused directive would define
    Checker(Catalogue catalogue, Context bare, Problems problems, VariableNames variables) {
        this.catalogue = catalogue;
        this.bare = bare;
        this.problems = problems;
        this.variables = variables;
    }

    /// The directives without those that are wrong or have no effect: each that remains is allowed in its block and has as many
    /// arguments as it takes.
    List<Directive> check(List<Directive> files) {
        whole = files;
        return inside(files, Context.MAIN);
    }

    /// Whether a file is bare: something in it is allowed in the block only, and nothing is allowed on the main level only.
    boolean isBare(List<Directive> file) {
        return file.stream().anyMatch(directive -> may(directive, bare) && !may(directive, Context.MAIN))
                && file.stream().noneMatch(this::isOfMainFile);
    }

    private boolean isOfMainFile(Directive directive) {
        return may(directive, Context.MAIN) && !may(directive, bare);
    }

    private boolean may(Directive directive, Context context) {
        return catalogue.contexts(directive.name().text()).contains(context);
    }

    private List<Directive> inside(List<Directive> directives, Context context) {
        var good = new ArrayList<Directive>();
        var seen = new HashSet<String>();
        for (Directive directive : directives) {
            known(directive, context).ifPresent(entry -> {
                if (!seen.add(entry.name()) && !entry.shape().repeatable()) {
                    problems.error(directive.position(), "\"" + entry.name() + "\" is duplicate");
                } else if (isWellFormed(directive, entry) && entry.state() == Entry.State.BUILT) {
                    good.add(entry.shape().block() == Shape.Inside.DIRECTIVES ? descend(directive, context) : directive);
                }
            });
        }
        return good;
    }

    private Directive descend(Directive directive, Context outer) {
        return new Directive(directive.name(), directive.arguments(), directive.opened(),
                inside(directive.block(), catalogue.opened(directive, outer)));
    }

    private Optional<Entry> known(Directive directive, Context context) {
        String name = directive.name().text();
        Optional<Entry> entry = catalogue.find(name, context);
        if (entry.isPresent()) {
            if (entry.get().state() == Entry.State.KNOWN) {
                String instead = entry.get().about().effect();
                problems.error(directive.position(), "\"" + name + "\" is " + (instead.isEmpty() ? "known, but not built yet"
                        : "not built: " + instead));
                define(directive);
            }
            return entry.filter(found -> found.state() != Entry.State.KNOWN);
        }
        Set<Context> allowed = catalogue.contexts(name);
        if (allowed.isEmpty()) {
            String meant = catalogue.nearest(name, context).map(other -> " (did you mean \"" + other + "\"?)").orElse("");
            problems.error(directive.position(), "unknown directive \"" + name + "\"" + meant);
        } else {
            problems.error(directive.position(), "\"" + name + "\" is not allowed here (allowed in "
                    + allowed.stream().map(Context::toString).collect(Collectors.joining(", ")) + ")"
                    + (context.equals(Context.MAIN) && allowed.contains(bare) ? whyNotBare(directive) : ""));
        }
        return Optional.empty();
    }

    /// Makes the variables of a refused directive known, so that their uses are no further problems: those that it or a directive
    /// inside it defines, and named groups of regular expressions.
    private void define(Directive refused) {
        variables.define(catalogue.defined(refused));
        Stream.concat(Stream.of(refused.name()), refused.arguments().stream())
                .forEach(word -> variables.define(Regexes.groupNames(word.text())));
        refused.block().forEach(this::define);
    }

    /// The author of a bare file may not see which directive made it a main file.
    private String whyNotBare(Directive directive) {
        return whole.stream().filter(other -> other.position().file().equals(directive.position().file()) && isOfMainFile(other))
                .findFirst()
                .map(other -> "; put it into \"" + bare + " { }\", since \"" + other.name() + "\" in line "
                        + other.position().line()
                        + " makes this a main file")
                .orElse("");
    }

    private boolean isWellFormed(Directive directive, Entry entry) {
        String name = "\"" + entry.name() + "\"";
        if (!entry.shape().takes(directive.arguments().size())) {
            Optional<Word> next = swallowed(directive);
            problems.error(next.map(Word::position).orElse(directive.position()), next.isPresent()
                    ? name + " is not ended by \";\" before \"" + next.get() + "\""
                    : name + " needs " + entry.shape().arguments() + ", got " + directive.arguments().size());
            return false;
        }
        if (entry.shape().opensBlock() != directive.hasBlock()) {
            problems.error(directive.position(),
                    name + (entry.shape().opensBlock() ? " needs a block \"{ }\"" : " takes no block"));
            return false;
        }
        for (int i = 0; i < directive.arguments().size(); i++) {
            Word argument = directive.arguments().get(i);
            String needed = entry.usage().needed(i, argument.text());
            if (!needed.isEmpty()) {
                problems.error(argument.position(), Argument.refusal(entry.name(), needed, argument.text()));
            } else if (entry.usage().hasVariables(i)) {
                lookUpVariables(argument);
            }
        }
        return true;
    }

    /// The variables of a text without effect must be known all the same.
    private void lookUpVariables(Word text) {
        if (Template.parse(text.text(), (name, index) -> variables.use(name, text.at(index))).isEmpty()) {
            problems.error(text.position(), "invalid variable name in \"" + text.text() + "\"");
        }
    }

    /// The argument that looks like the next directive: on a line of its own, behind a `;` that was forgotten.
    private Optional<Word> swallowed(Directive directive) {
        int line = directive.position().line();
        return directive.arguments().stream()
                .filter(word -> word.position().line() > line && !catalogue.contexts(word.text()).isEmpty())
                .findFirst();
    }
}
