package io.selvage.server.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/// The directives of one feature: the records that they fill, the blocks that they open, how types are read, and what is checked
/// when everything is read. Not thread-safe; a feature makes one and hands it to a [Language].
public final class Directives {
    /// A record that is read in blocks of some kinds.
    record Group(Class<? extends Record> type, Set<Context> contexts) {
    }

    private final List<Group> groups = new ArrayList<>();
    private final List<Entry> entries = new ArrayList<>();
    private final List<Consumer<Codecs>> codecs = new ArrayList<>();
    private final List<Consumer<Section>> checks = new ArrayList<>();
    private final Set<Context> isolated = new LinkedHashSet<>();
    private final Set<Context> required = new LinkedHashSet<>();
    private final Map<Context, Context> parts = new LinkedHashMap<>();

    /// Every directive that a component of the record names in its [Setting].
    ///
    /// @param contexts where the record is read, and where its directives are allowed unless they name contexts themselves
    public Directives settings(Class<? extends Record> type, Context... contexts) {
        groups.add(new Group(type, contexts(contexts)));
        return this;
    }

    /// A block with directives inside; the context that it opens has its name. One that may not be repeated is there even when it
    /// is not written.
    ///
    /// @param line its arguments, and whether it may be repeated
    public Directives block(String name, Shape line, String doc, Context... contexts) {
        entries.add(Entry.built(name, contexts(contexts), line.opening(Shape.Inside.DIRECTIVES), "", Entry.About.of(doc)));
        return this;
    }

    /// A main configuration must contain a block of this kind.
    public Directives require(Context block) {
        required.add(block);
        return this;
    }

    /// Nothing is inherited in blocks of this kind.
    public Directives isolate(Context context) {
        isolated.add(context);
        return this;
    }

    /// Blocks of one kind are parts of the blocks around them: they have all settings of those, though only the directives that
    /// name their own context may be inside.
    public Directives part(Context part, Context whole) {
        parts.put(part, whole);
        return this;
    }

    /// A directive that is no setting.
    public Directives word(String name, Shape line, String doc, Context... contexts) {
        entries.add(Entry.built(name, contexts(contexts), line, "", Entry.About.of(doc)));
        return this;
    }

    /// What a part of the feature declares.
    public Directives add(Consumer<Directives> part) {
        part.accept(this);
        return this;
    }

    /// How components of a type are read and written.
    public <T> Directives codec(Class<T> type, Codec<T> codec) {
        codecs.add(known -> known.add(type, codec));
        return this;
    }

    /// How lists or sets of a type are read and written.
    public Directives collection(Class<?> element, Codec<?> codec) {
        codecs.add(known -> known.addCollection(element, codec));
        return this;
    }

    /// What is looked at when the whole configuration is read. The lines of a section take the problems.
    public Directives check(Consumer<Section> main) {
        checks.add(main);
        return this;
    }

    /// Directives that the server refuses, from the text of a table. A line has a name and contexts. `$first` or `$last` behind
    /// them marks the argument that names a variable which the directive defines. What to do instead may follow behind a colon.
    public Directives known(String table) {
        for (String whole : lines(table)) {
            String[] halves = whole.split(" : ", 2);
            String line = halves[0];
            Set<String> words = new LinkedHashSet<>(List.of(line.split(" +")));
            Entry.Defines defines = words.remove("$first") ? Entry.Defines.FIRST
                    : words.remove("$last") ? Entry.Defines.LAST : Entry.Defines.NOTHING;
            entries.add(new Entry(line.split(" +")[0], Entry.State.KNOWN, namedContexts(words), Shape.of(0, Integer.MAX_VALUE),
                    "", Entry.About.of(halves.length > 1 ? halves[1] : ""), Usage.ANY, defines));
        }
        return this;
    }

    /// Directives without an effect, from the text of a table. A line has a name, contexts, and behind a colon the [Usage]. `+`
    /// before the usage lets the directive be repeated. A line in brackets is the reason for the lines below it.
    public Directives meaningless(String table) {
        String reason = "";
        for (String line : lines(table)) {
            if (line.startsWith("[")) {
                reason = line.substring(1, line.length() - 1);
                continue;
            }
            String[] halves = line.split(" *: *", 2);
            Usage usage = Usage.parse(halves[1].replaceFirst("^\\+ ", ""));
            List<String> words = List.of(halves[0].split(" +"));
            entries.add(new Entry(words.getFirst(), Entry.State.MEANINGLESS, namedContexts(words),
                    halves[1].startsWith("+ ") ? usage.shape().repeated() : usage.shape(), "", Entry.About.of(reason), usage,
                    Entry.Defines.NOTHING));
        }
        return this;
    }

    private static List<String> lines(String table) {
        return table.lines().filter(line -> !line.isEmpty() && !line.startsWith("#")).toList();
    }

    /// @param words a name, and the names of contexts
    private static Set<Context> namedContexts(Collection<String> words) {
        Set<Context> contexts = new LinkedHashSet<>();
        words.stream().skip(1).map(Context::new).forEach(contexts::add);
        return contexts;
    }

    private static Set<Context> contexts(Context... contexts) {
        return new LinkedHashSet<>(List.of(contexts));
    }

    List<Entry> entries() {
        return entries;
    }

    List<Group> groups() {
        return groups;
    }

    Set<Context> required() {
        return required;
    }

    Set<Context> isolated() {
        return isolated;
    }

    Map<Context, Context> parts() {
        return parts;
    }

    void addCodecs(Codecs known) {
        codecs.forEach(codec -> codec.accept(known));
    }

    void check(Section main) {
        checks.forEach(check -> check.accept(main));
    }
}
