package io.selvage.server.config;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// Holds a tree of directives against the [Catalogue]: names, places, numbers of arguments, blocks, repetitions.
final class Checker {
    private final Problems problems;
    private List<Directive> whole = List.of();             // while it is checked

    Checker(Problems problems) {
        this.problems = problems;
    }

    /// What the files say, without what is wrong or means nothing: every directive that comes out stands in a block it may
    /// stand in and has as many arguments as it takes.
    List<Directive> check(List<Directive> files) {
        whole = files;
        return inside(files, Block.MAIN);
    }

    /// Whether a file begins inside `http`: something in it may stand there, and nothing needs the main level.
    static boolean isBare(List<Directive> file) {
        return file.stream().anyMatch(directive -> may(directive, Block.HTTP) && !may(directive, Block.MAIN))
                && file.stream().noneMatch(Checker::isOfMainFile);
    }

    private static boolean isOfMainFile(Directive directive) {
        return may(directive, Block.MAIN) && !may(directive, Block.HTTP);
    }

    private static boolean may(Directive directive, Block block) {
        return Catalogue.blocks(directive.name().text()).contains(block);
    }

    private List<Directive> inside(List<Directive> directives, Block block) {
        var good = new ArrayList<Directive>();
        var seen = new HashSet<String>();
        for (Directive directive : directives) {
            if (block == Block.TYPES) {
                mediaType(directive, good);
                continue;
            }
            known(directive, block).ifPresent(entry -> {
                if (!seen.add(entry.name()) && !entry.repeatable()) {
                    problems.error(directive.position(), "\"" + entry.name() + "\" is duplicate");
                } else if (isWellFormed(directive, entry)) {
                    good.add(entry.opensBlock() ? descend(directive) : directive);
                }
            });
        }
        return good;
    }

    private Directive descend(Directive directive) {
        return new Directive(directive.name(), directive.arguments(), directive.opened(),
                inside(directive.block(), Block.named(directive.name().text())));
    }

    private Optional<Catalogue.Entry> known(Directive directive, Block block) {
        String name = directive.name().text();
        Optional<Catalogue.Entry> entry = Catalogue.find(name, block);
        if (entry.isPresent()) {
            if (entry.get().state() == Catalogue.State.KNOWN) {
                problems.error(directive.position(), "\"" + name + "\" is known, but not built yet");
            }
            return entry.filter(found -> found.state() == Catalogue.State.BUILT);
        }
        var allowed = Catalogue.blocks(name);
        if (allowed.isEmpty()) {
            String meant = Catalogue.nearest(name, block).map(other -> " (did you mean \"" + other + "\"?)").orElse("");
            problems.error(directive.position(), "unknown directive \"" + name + "\"" + meant);
        } else {
            problems.error(directive.position(), "\"" + name + "\" is not allowed here (allowed in "
                    + allowed.stream().map(Block::toString).collect(Collectors.joining(", ")) + ")"
                    + (block == Block.MAIN && allowed.contains(Block.HTTP) ? whyNotBare(directive) : ""));
        }
        return Optional.empty();
    }

    /// Who wrote what stands inside `http` only may not know what made a main file of it.
    private String whyNotBare(Directive directive) {
        return whole.stream().filter(other -> other.position().file().equals(directive.position().file()) && isOfMainFile(other))
                .findFirst()
                .map(other -> "; put it into \"http { }\", since \"" + other.name() + "\" in line " + other.position().line()
                        + " makes this a main file")
                .orElse("");
    }

    private boolean isWellFormed(Directive directive, Catalogue.Entry entry) {
        String name = "\"" + entry.name() + "\"";
        if (!entry.takes(directive.arguments().size())) {
            Optional<Word> next = swallowed(directive);
            problems.error(next.map(Word::position).orElse(directive.position()), next.isPresent()
                    ? name + " is not ended by \";\" before \"" + next.get() + "\""
                    : name + " needs " + entry.arguments() + ", got " + directive.arguments().size());
            return false;
        }
        if (entry.opensBlock() != directive.hasBlock()) {
            problems.error(directive.position(), name + (entry.opensBlock() ? " needs a block \"{ }\"" : " takes no block"));
            return false;
        }
        return true;
    }

    /// The argument that looks like the next directive: on a line of its own, behind a `;` that was forgotten.
    private static Optional<Word> swallowed(Directive directive) {
        int line = directive.position().line();
        return directive.arguments().stream()
                .filter(word -> word.position().line() > line && !Catalogue.blocks(word.text()).isEmpty())
                .findFirst();
    }

    private void mediaType(Directive directive, List<Directive> good) {
        if (directive.arguments().isEmpty() || directive.hasBlock()) {
            problems.error(directive.position(), "\"" + directive.name() + "\" needs the ends of file names it stands for");
        } else {
            good.add(directive);
        }
    }
}
