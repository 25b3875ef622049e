package io.selvage.server.http;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Why a request would be treated as it is: a tree of findings, in the order in which the server decides (`selvage explain`).
///
/// An exchange that is only explained has one as its state ([Exchange#state]). Texts are byte strings, as everywhere in the
/// server, or text with other characters. Used by one thread.
public final class Explanation {
    private final String kind;
    private final String name;
    private String text;
    private final Map<String, Object> values = new LinkedHashMap<>();
    private final List<Explanation> parts = new ArrayList<>();

    /// @param kind what the finding is about, one word, the same for all findings of a kind
    /// @param name of the thing that it is about; may be empty
    /// @param text what was found; may be empty
    public Explanation(String kind, String name, String text) {
        this.kind = kind;
        this.name = name;
        this.text = text;
    }

    /// The explanation that an exchange belongs to; empty for one that is served.
    public static Optional<Explanation> of(Exchange exchange) {
        return exchange.main().state(Explanation.class);
    }

    /// A name for something that has no words of its own: that of its class, or of the class that it was written in, without what
    /// says that it is a filter, in lower case.
    public static String nameOf(Object thing) {
        String type = thing.getClass().getName().replaceFirst("[/]0x.*", "");
        String outermost = type.substring(type.lastIndexOf('.') + 1).replaceFirst("[$].*", "");
        return outermost.replaceFirst("(Filter|Handler|Module|Settings)$", "").replaceAll("(?<=[a-z0-9])(?=[A-Z])", " ")
                .toLowerCase(Locale.ROOT);
    }

    /// A text as it is written in the configuration.
    public static String written(Text text) {
        return text instanceof Template template ? template.toString().replaceAll("[$][{](\\w+)[}](?!\\w)", "\\$$1") : "...";
    }

    /// Adds a part behind the others.
    ///
    /// @return the part
    public Explanation add(String kindOfPart, String nameOfPart, String textOfPart) {
        Explanation part = new Explanation(kindOfPart, nameOfPart, textOfPart);
        parts.add(part);
        return part;
    }

    /// Sets the text, for what is known only after the parts.
    public void says(String found) {
        text = found;
    }

    /// Adds a value that programs can use.
    ///
    /// @return this
    public Explanation with(String key, String value) {
        values.put(key, value);
        return this;
    }

    /// As [#with].
    public Explanation with(String key, long value) {
        values.put(key, value);
        return this;
    }

    /// As [#with].
    public Explanation with(String key, boolean value) {
        values.put(key, value);
        return this;
    }

    public String kind() {
        return kind;
    }

    public String name() {
        return name;
    }

    /// What was found; may be empty.
    public String text() {
        return text;
    }

    /// Strings, longs and booleans.
    public Map<String, Object> values() {
        return Map.copyOf(values);
    }

    /// A value as text; empty if there is none.
    public Optional<String> value(String key) {
        return Optional.ofNullable(values.get(key)).map(Object::toString);
    }

    /// The parts in their order.
    public List<Explanation> parts() {
        return List.copyOf(parts);
    }

    /// All findings of a kind in this tree, in their order.
    public List<Explanation> all(String wanted) {
        List<Explanation> found = new ArrayList<>();
        if (kind.equals(wanted)) {
            found.add(this);
        }
        parts.forEach(part -> found.addAll(part.all(wanted)));
        return found;
    }

    /// One JSON object (RFC 8259) with `kind`, `name`, `text`, the values, and `parts` with such objects.
    public String toJson() {
        StringBuilder json = new StringBuilder(4096);
        ExplanationJson.write(this, values, parts, json);
        return json.toString();
    }

    /// A tree for people, each line at most 100 columns wide where words allow it.
    public String toText() {
        return ExplanationTree.of(this);
    }
}
