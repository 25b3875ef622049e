package io.selvage.server.module;

import io.selvage.server.config.Context;
import io.selvage.server.config.Entry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// The reference of directives is made from the modules. `-Dselvage.update=true` writes it.
class ReferencePageTest {
    private static final Path PAGE = Path.of(System.getProperty("selvage.root"), "deploy/directives.md");

    private static final String HEAD = """
            # Directives

            Generated from the modules of the server. After a change, regenerate it:

                mvn test -pl server -am -Dtest=ReferencePageTest -Dselvage.update=true -Dsurefire.failIfNoSpecifiedTests=false

            The language is that of nginx, and so is the meaning of every directive below unless the column *differs* says
            otherwise. Defaults are those of nginx, too. `latency_log` has [a page of its own](latency_log.md).

            ## Built

            | directive | context | default | effect | differs from nginx | since |
            |---|---|---|---|---|---|
            """;

    private static final String MEANINGLESS = """

            ## Accepted without effect

            They have no meaning here, so the server accepts and ignores them.

            | directives | reason |
            |---|---|
            """;

    private static final String KNOWN = """

            ## Not built

            The server refuses a configuration with one of these and names it. They are directives of nginx, some of them of
            its commercial edition.

            """;

    @Test
    void pageShowsWhatModulesDeclare() throws IOException {
        String page = HEAD + of(Entry.State.BUILT).map(ReferencePageTest::row).collect(Collectors.joining())
                + MEANINGLESS + meaningless() + KNOWN + known();
        if (Boolean.getBoolean("selvage.update")) {
            Files.writeString(PAGE, page);
        }
        assertEquals(Files.readString(PAGE), page, "deploy/directives.md is stale; -Dselvage.update=true writes it");
    }

    @Test
    void everyDirectiveHasOneShortLine() {
        List<Entry> entries = of(Entry.State.BUILT).toList();
        assertFalse(entries.isEmpty());
        for (Entry entry : entries) {
            String effect = entry.about().effect();
            assertTrue(effect.endsWith(".") && effect.length() <= 110 && !effect.contains("|"), entry.name());
        }
    }

    private static Stream<Entry> of(Entry.State state) {
        return Modules.catalogue().all().stream().filter(entry -> entry.state() == state)
                .sorted(Comparator.comparing(Entry::name));
    }

    private static String row(Entry entry) {
        String contexts = entry.contexts().stream().filter(ReferencePageTest::isBuilt).map(Context::toString)
                .collect(Collectors.joining(", "));
        return "| `" + entry.name() + "` | " + contexts + " | " + (entry.standard().isEmpty() ? "" : "`" + entry.standard() + "`")
                + " | " + entry.about().effect() + " | " + entry.about().differs() + " | " + entry.about().since() + " |\n";
    }

    /// Whether there is such a block.
    private static boolean isBuilt(Context context) {
        String block = context.toString().split(" ")[0];
        return block.equals("main") || Modules.catalogue().built().stream().anyMatch(entry -> entry.name().equals(block));
    }

    private static String meaningless() {
        Map<String, List<Entry>> byReason = of(Entry.State.MEANINGLESS)
                .collect(Collectors.groupingBy(entry -> entry.about().effect(), TreeMap::new, Collectors.toList()));
        return byReason.entrySet().stream()
                .map(group -> "| " + names(group.getValue().stream()) + " | " + group.getKey() + " |\n")
                .collect(Collectors.joining());
    }

    private static String known() {
        StringBuilder lines = new StringBuilder();
        String line = "";
        for (String name : names(of(Entry.State.KNOWN)).split(" ")) {
            if (line.length() + name.length() > 118) {
                lines.append(line.strip()).append('\n');
                line = "";
            }
            line += name + " ";
        }
        return lines.append(line.strip()).append('\n').toString();
    }

    private static String names(Stream<Entry> entries) {
        return entries.map(entry -> "`" + entry.name() + "`").distinct().collect(Collectors.joining(", "));
    }
}
