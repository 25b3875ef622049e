package io.selvage.server.config;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Every directive there is, read from the table `directives` beside this class.
final class Catalogue {
    /// Takes part; accepted in silence because it cannot mean anything here; or a directive of nginx that is not built.
    enum State { BUILT, MEANINGLESS, KNOWN }

    /// One line of the table.
    ///
    /// @param most the largest number of arguments; [Integer#MAX_VALUE] when there is no bound
    record Entry(String name, State state, Set<Block> blocks, int least, int most, boolean repeatable, boolean opensBlock) {

        boolean takes(int arguments) {
            return arguments >= least && arguments <= most;
        }

        /// How many arguments it takes, in words.
        String arguments() {
            if (most == Integer.MAX_VALUE) {
                return "at least " + counted(least);
            }
            if (least == most) {
                return counted(most);
            }
            return (least == 0 ? "at most " : number(least) + (most == least + 1 ? " or " : " to ")) + counted(most);
        }

        private static String counted(int count) {
            return number(count) + (count == 1 ? " argument" : " arguments");
        }

        private static String number(int count) {
            return List.of("no", "one", "two", "three", "four").get(count);
        }
    }

    private static final Map<String, List<Entry>> ENTRIES = read();

    private Catalogue() {}

    static Optional<Entry> find(String name, Block block) {
        return ENTRIES.getOrDefault(name, List.of()).stream().filter(entry -> entry.blocks().contains(block)).findFirst();
    }

    /// The blocks that a directive may stand in; none when there is no such directive.
    static Set<Block> blocks(String name) {
        Set<Block> blocks = EnumSet.noneOf(Block.class);
        ENTRIES.getOrDefault(name, List.of()).forEach(entry -> blocks.addAll(entry.blocks()));
        return blocks;
    }

    static List<Entry> all() {
        return ENTRIES.values().stream().flatMap(List::stream).toList();
    }

    /// The directive that was probably meant: at most two letters away, one in short names, and better one that may stand here.
    static Optional<String> nearest(String name, Block block) {
        int reach = name.length() < 6 ? 1 : 2;
        return ENTRIES.keySet().stream()
                .filter(other -> Math.abs(other.length() - name.length()) <= reach && distance(name, other) <= reach)
                .min(Comparator.<String>comparingInt(other -> blocks(other).contains(block) ? 0 : 1)
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

    private static Map<String, List<Entry>> read() {
        var entries = new LinkedHashMap<String, List<Entry>>();
        State state = State.BUILT;
        for (String line : new String(Sources.resource("directives"), StandardCharsets.UTF_8).lines().toList()) {
            if (line.startsWith("[")) {
                state = State.valueOf(line.split("[\\[\\]:]")[1].toUpperCase(Locale.ROOT));
            } else if (!line.isEmpty() && !line.startsWith("#")) {
                Entry entry = entry(line.split(" +"), state);
                entries.computeIfAbsent(entry.name(), _ -> new ArrayList<>()).add(entry);
            }
        }
        return entries;
    }

    private static Entry entry(String[] fields, State state) {
        Set<Block> blocks = EnumSet.noneOf(Block.class);
        int least = 0;
        int most = Integer.MAX_VALUE;
        boolean repeatable = state != State.BUILT;
        boolean opensBlock = false;
        for (String field : Arrays.asList(fields).subList(1, fields.length)) {
            if (Character.isDigit(field.charAt(0))) {
                least = field.charAt(0) - '0';
                most = field.endsWith("+") ? Integer.MAX_VALUE : field.charAt(field.length() - 1) - '0';
            } else if (field.equals("*")) {
                repeatable = true;
            } else if (field.equals("{}")) {
                opensBlock = true;
            } else {
                blocks.add(Block.named(field));
            }
        }
        return new Entry(fields[0], state, blocks, least, most, repeatable, opensBlock);
    }
}
