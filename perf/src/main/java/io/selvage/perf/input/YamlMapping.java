package io.selvage.perf.input;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/// A mapping that is asked for the keys it may have, and complains about everything else: a value of the wrong kind as soon
/// as it is asked for, an unknown key in [#done]. Complaints read `file:line:column: text`. For one thread.
public final class YamlMapping {
    private final String file;
    private final MappingNode node;
    private final Map<String, Node> keys = new LinkedHashMap<>();
    private final Map<String, Node> values = new LinkedHashMap<>();
    private final Set<String> asked = new LinkedHashSet<>();

    YamlMapping(String file, MappingNode node) throws Complaint {
        this.file = file;
        this.node = node;
        for (NodeTuple pair : node.getValue()) {
            if (!(pair.getKeyNode() instanceof ScalarNode key)) {
                throw complaint(pair.getKeyNode(), "a key must be a word");
            }
            if (keys.put(key.getValue(), key) != null) {
                throw complaint(key, "\"" + key.getValue() + "\" stands here twice");
            }
            values.put(key.getValue(), pair.getValueNode());
        }
    }

    /// Whether `key` is written here at all.
    public boolean has(String key) {
        return value(key).isPresent();
    }

    /// The text of `key`, when it is there.
    public Optional<String> text(String key) throws Complaint {
        Optional<Node> value = value(key);
        return value.isPresent() ? Optional.of(scalar(key, value.get())) : Optional.empty();
    }

    /// The text of `key`, which must be there.
    public String requiredText(String key) throws Complaint {
        Optional<String> text = text(key);
        if (text.isEmpty()) {
            throw complaint(node, "\"" + key + "\" is missing");
        }
        return text.get();
    }

    /// The number at `key`, `otherwise` when it is not there; a complaint when it is below `least`.
    public long whole(String key, long otherwise, long least) throws Complaint {
        Optional<Node> value = value(key);
        return value.isPresent() ? wholeOf(key, value.get(), least) : otherwise;
    }

    /// The whole numbers listed at `key`, `otherwise` when it is not there; a complaint when one is below `least`.
    public List<Long> wholes(String key, List<Long> otherwise, long least) throws Complaint {
        if (!has(key)) {
            return otherwise;
        }
        var numbers = new ArrayList<Long>();
        for (Node each : items(key)) {
            numbers.add(wholeOf(key, each, least));
        }
        return List.copyOf(numbers);
    }

    /// The `true` or `false` at `key`, `otherwise` when it is not there.
    public boolean flag(String key, boolean otherwise) throws Complaint {
        return switch (text(key).orElse(Boolean.toString(otherwise))) {
            case "true" -> true;
            case "false" -> false;
            case String other -> throw wrong(key, "\"" + key + "\" is true or false, not \"" + other + "\"");
        };
    }

    /// The length of time at `key`, `otherwise` when it is not there.
    public Duration duration(String key, Duration otherwise) throws Complaint {
        Optional<String> text = text(key);
        try {
            return text.isPresent() ? Durations.parse(text.get()) : otherwise;
        } catch (Complaint e) {
            throw wrong(key, "\"" + key + "\": " + e.getMessage());
        }
    }

    /// The list of texts at `key`, empty when it is not there.
    public List<String> texts(String key) throws Complaint {
        var texts = new ArrayList<String>();
        for (Node each : items(key)) {
            texts.add(scalar(key, each));
        }
        return List.copyOf(texts);
    }

    /// The list of mappings at `key`, empty when it is not there.
    public List<YamlMapping> mappings(String key) throws Complaint {
        var mappings = new ArrayList<YamlMapping>();
        for (Node each : items(key)) {
            mappings.add(mapping(key, each));
        }
        return List.copyOf(mappings);
    }

    /// The mapping at `key`, when it is there.
    public Optional<YamlMapping> mapping(String key) throws Complaint {
        Optional<Node> value = value(key);
        return value.isPresent() ? Optional.of(mapping(key, value.get())) : Optional.empty();
    }

    /// All keys of this mapping with their texts, in the order of the file; for mappings whose keys are free.
    public Map<String, String> pairs() throws Complaint {
        var pairs = new LinkedHashMap<String, String>();
        for (String key : values.keySet()) {
            pairs.put(key, requiredText(key));
        }
        return pairs;
    }

    /// Complains about the first key that nobody asked for, with the nearest one that somebody did.
    public void done() throws Complaint {
        for (Map.Entry<String, Node> key : keys.entrySet()) {
            if (!asked.contains(key.getKey())) {
                throw complaint(key.getValue(), "unknown key \"" + key.getKey() + "\""
                        + Spelling.nearest(key.getKey(), asked).map(near -> " (did you mean \"" + near + "\"?)").orElse(""));
            }
        }
    }

    /// A complaint about the value of `key`, at its place in the file.
    public Complaint wrong(String key, String text) {
        return complaint(values.getOrDefault(key, node), text);
    }

    private Optional<Node> value(String key) {
        asked.add(key);
        return Optional.ofNullable(values.get(key));
    }

    private List<Node> items(String key) throws Complaint {
        Optional<Node> value = value(key);
        if (value.isEmpty()) {
            return List.of();
        }
        if (!(value.get() instanceof SequenceNode list)) {
            throw complaint(value.get(), "\"" + key + "\" is a list");
        }
        return list.getValue();
    }

    private YamlMapping mapping(String key, Node value) throws Complaint {
        if (!(value instanceof MappingNode mapping)) {
            throw complaint(value, "\"" + key + "\" needs \"key: value\" lines");
        }
        return new YamlMapping(file, mapping);
    }

    private String scalar(String key, Node value) throws Complaint {
        if (!(value instanceof ScalarNode scalar)) {
            throw complaint(value, "\"" + key + "\" needs one value");
        }
        return scalar.getValue();
    }

    private long wholeOf(String key, Node place, long least) throws Complaint {
        String text = scalar(key, place);
        try {
            long number = Long.parseLong(text);
            if (number >= least) {
                return number;
            }
        } catch (NumberFormatException e) {
            // falls to the one complaint below
        }
        throw complaint(place, "\"" + key + "\" needs a whole number of " + least + " or more, got \"" + text + "\"");
    }

    private Complaint complaint(Node place, String text) {
        return new Complaint(file + place.getStartMark()
                .map(mark -> ":" + (mark.getLine() + 1) + ":" + (mark.getColumn() + 1)).orElse("") + ": " + text);
    }
}
