package io.selvage.server.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Every directive there is.
public final class Catalogue {
    private final Map<String, List<Entry>> entries = new LinkedHashMap<>();
    private final Set<Context> contexts = new HashSet<>();

    Catalogue(List<Entry> all) {
        for (Entry entry : all) {
            entries.computeIfAbsent(entry.name(), _ -> new ArrayList<>()).add(entry);
            contexts.addAll(entry.contexts());
        }
    }

    /// The context that a block opens.
    ///
    /// @param outer where the block is
    Context opened(Directive block, Context outer) {
        String name = block.name().text();
        Context own = Context.inside(name, outer);
        return contexts.contains(own) ? own : new Context(name);
    }

    Optional<Entry> find(String name, Context context) {
        return entries.getOrDefault(name, List.of()).stream().filter(entry -> entry.contexts().contains(context)).findFirst();
    }

    /// The contexts in which a directive is allowed; none if there is no such directive.
    Set<Context> contexts(String name) {
        Set<Context> contexts = new LinkedHashSet<>();
        entries.getOrDefault(name, List.of()).forEach(entry -> contexts.addAll(entry.contexts()));
        return contexts;
    }

    /// The name of the variable that a refused directive would define; empty if it defines none.
    Set<String> defined(Directive refused) {
        Optional<Entry> entry = entries.getOrDefault(refused.name().text(), List.of()).stream()
                .filter(each -> each.defines() != Entry.Defines.NOTHING).findFirst();
        if (entry.isEmpty() || refused.arguments().isEmpty()) {
            return Set.of();
        }
        List<Word> words = refused.arguments();
        Word name = entry.get().defines() == Entry.Defines.FIRST ? words.getFirst() : words.getLast();
        return Set.of(name.text().replaceFirst("^\\$", ""));
    }

    /// In the order in which they were declared; the meanings of one name together.
    public List<Entry> all() {
        return entries.values().stream().flatMap(List::stream).toList();
    }

    /// Those that have an effect.
    public List<Entry> built() {
        return all().stream().filter(entry -> entry.state() == Entry.State.BUILT).toList();
    }

    /// The directive that was probably meant: at most two letters away, one in short names, and preferably allowed here.
    Optional<String> nearest(String name, Context context) {
        int reach = name.length() < 6 ? 1 : 2;
        return entries.keySet().stream()
                .filter(other -> Math.abs(other.length() - name.length()) <= reach && distance(name, other) <= reach)
                .min(Comparator.<String>comparingInt(other -> contexts(other).contains(context) ? 0 : 1)
                        .thenComparingInt(other -> distance(name, other))
                        .thenComparing(Comparator.naturalOrder()));
    }

    /// Insertions, deletions, replacements and exchanges of neighbours that lead from one word to the other.
    static int distance(String from, String to) {
        int[][] steps = new int[from.length() + 1][to.length() + 1];
        for (int i = 0; i <= from.length(); i++) {
            for (int j = 0; j <= to.length(); j++) {
                if (i == 0 || j == 0) {
                    steps[i][j] = i + j;
                    continue;
                }
                int replaced = steps[i - 1][j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                steps[i][j] = Math.min(replaced, 1 + Math.min(steps[i - 1][j], steps[i][j - 1]));
                if (i > 1 && j > 1 && from.charAt(i - 1) == to.charAt(j - 2) && from.charAt(i - 2) == to.charAt(j - 1)) {
                    steps[i][j] = Math.min(steps[i][j], 1 + steps[i - 2][j - 2]);
                }
            }
        }
        return steps[from.length()][to.length()];
    }
}
