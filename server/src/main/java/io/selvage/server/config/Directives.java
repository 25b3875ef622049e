package io.selvage.server.config;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
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

    /// Every directive that a component of the record names in its [Setting].
    ///
    /// @param contexts where the record is read, and where its directives may stand unless they say otherwise
    public Directives settings(Class<? extends Record> type, Context... contexts) {
        groups.add(new Group(type, contexts(contexts)));
        return this;
    }

    /// A block with directives inside; the context that it opens has its name. One that may not be repeated is there even when it
    /// is not written.
    ///
    /// @param line its arguments, and whether it may be repeated
    public Directives block(String name, Shape line, String doc, Context... contexts) {
        entries.add(new Entry(name, Entry.State.BUILT, contexts(contexts), line.opening(Shape.Inside.DIRECTIVES), "",
                Entry.About.of(doc)));
        return this;
    }

    /// Nothing is inherited in blocks of this kind.
    public Directives isolate(Context context) {
        isolated.add(context);
        return this;
    }

    /// A directive that is no setting.
    public Directives word(String name, Shape line, String doc, Context... contexts) {
        entries.add(new Entry(name, Entry.State.BUILT, contexts(contexts), line, "", Entry.About.of(doc)));
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

    /// Directives that the server does not have, from the text of a table. A line has a name and contexts; a line in brackets
    /// says what the lines below it are: `[known]` or `[meaningless: reason]`.
    public Directives table(String text) {
        Entry.State state = Entry.State.KNOWN;
        String reason = "";
        for (String line : text.lines().filter(each -> !each.isEmpty() && !each.startsWith("#")).toList()) {
            if (line.startsWith("[")) {
                String[] said = line.substring(1, line.length() - 1).split(": ", 2);
                state = said[0].equals("known") ? Entry.State.KNOWN : Entry.State.MEANINGLESS;
                reason = said[said.length - 1];
            } else {
                entries.add(absent(line.split(" +"), state, reason));
            }
        }
        return this;
    }

    private static Entry absent(String[] fields, Entry.State state, String reason) {
        Set<Context> contexts = new LinkedHashSet<>();
        for (int i = 1; i < fields.length; i++) {
            contexts.add(new Context(fields[i]));
        }
        return new Entry(fields[0], state, contexts, Shape.of(0, Integer.MAX_VALUE).repeated(), "", Entry.About.of(reason));
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

    Set<Context> isolated() {
        return isolated;
    }

    void addCodecs(Codecs known) {
        codecs.forEach(codec -> codec.accept(known));
    }

    void check(Section main) {
        checks.forEach(check -> check.accept(main));
    }
}
