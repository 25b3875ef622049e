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

/// A YAML mapping. The getters reject a value of the wrong type, and [#done] rejects keys that no getter has read. All methods
/// throw a [UserError] of the form `file:line:column: text`. For one thread.
public final class YamlMapping {
    private final String file;
    private final MappingNode node;
    private final Map<String, Node> keys = new LinkedHashMap<>();
    private final Map<String, Node> values = new LinkedHashMap<>();
    private final Set<String> asked = new LinkedHashSet<>();

    YamlMapping(String file, MappingNode node) throws UserError {
        this.file = file;
        this.node = node;
        for (NodeTuple pair : node.getValue()) {
            if (!(pair.getKeyNode() instanceof ScalarNode key)) {
                throw error(pair.getKeyNode(), "a key must be a word");
            }
            if (keys.put(key.getValue(), key) != null) {
                throw error(key, "\"" + key.getValue() + "\" is given twice");
            }
            values.put(key.getValue(), pair.getValueNode());
        }
    }

    /// True if `key` is present.
    public boolean has(String key) {
        return value(key).isPresent();
    }

    /// The text at `key`, if present.
    public Optional<String> text(String key) throws UserError {
        Optional<Node> value = value(key);
        return value.isPresent() ? Optional.of(scalar(key, value.get())) : Optional.empty();
    }

    /// The text at `key`, which must be present.
    public String requiredText(String key) throws UserError {
        Optional<String> text = text(key);
        if (text.isEmpty()) {
            throw error(node, "\"" + key + "\" is missing");
        }
        return text.get();
    }

    /// The number at `key`, or `defaultValue`. A number below `least` is an error.
    public long whole(String key, long defaultValue, long least) throws UserError {
        Optional<Node> value = value(key);
        return value.isPresent() ? wholeOf(key, value.get(), least) : defaultValue;
    }

    /// The whole numbers listed at `key`, or `defaultValue`. A number below `least` is an error.
    public List<Long> wholes(String key, List<Long> defaultValue, long least) throws UserError {
        if (!has(key)) {
            return defaultValue;
        }
        var numbers = new ArrayList<Long>();
        for (Node each : items(key)) {
            numbers.add(wholeOf(key, each, least));
        }
        return List.copyOf(numbers);
    }

    /// The boolean at `key`, or `defaultValue`.
    public boolean flag(String key, boolean defaultValue) throws UserError {
        return switch (text(key).orElse(Boolean.toString(defaultValue))) {
            case "true" -> true;
            case "false" -> false;
            case String other -> throw wrong(key, "\"" + key + "\" must be true or false, not \"" + other + "\"");
        };
    }

    /// The duration at `key`, or `defaultValue`.
    public Duration duration(String key, Duration defaultValue) throws UserError {
        Optional<String> text = text(key);
        try {
            return text.isPresent() ? Durations.parse(text.get()) : defaultValue;
        } catch (UserError e) {
            throw wrong(key, "\"" + key + "\": " + e.getMessage());
        }
    }

    /// The list of texts at `key`; empty if absent.
    public List<String> texts(String key) throws UserError {
        var texts = new ArrayList<String>();
        for (Node each : items(key)) {
            texts.add(scalar(key, each));
        }
        return List.copyOf(texts);
    }

    /// The list of mappings at `key`; empty if absent.
    public List<YamlMapping> mappings(String key) throws UserError {
        var mappings = new ArrayList<YamlMapping>();
        for (Node each : items(key)) {
            mappings.add(mapping(key, each));
        }
        return List.copyOf(mappings);
    }

    /// The mapping at `key`, if present.
    public Optional<YamlMapping> mapping(String key) throws UserError {
        Optional<Node> value = value(key);
        return value.isPresent() ? Optional.of(mapping(key, value.get())) : Optional.empty();
    }

    /// All keys with their texts, in the order of the file; for mappings with arbitrary keys.
    public Map<String, String> pairs() throws UserError {
        var pairs = new LinkedHashMap<String, String>();
        for (String key : values.keySet()) {
            pairs.put(key, requiredText(key));
        }
        return pairs;
    }

    /// Rejects the first key that no getter has read, and suggests the nearest one that was read.
    public void done() throws UserError {
        for (Map.Entry<String, Node> key : keys.entrySet()) {
            if (!asked.contains(key.getKey())) {
                throw error(key.getValue(), "unknown key \"" + key.getKey() + "\""
                        + Spelling.nearest(key.getKey(), asked).map(near -> " (did you mean \"" + near + "\"?)").orElse(""));
            }
        }
    }

    /// An error about the value of `key`, with its position in the file.
    public UserError wrong(String key, String text) {
        return error(values.getOrDefault(key, node), text);
    }

    private Optional<Node> value(String key) {
        asked.add(key);
        return Optional.ofNullable(values.get(key));
    }

    private List<Node> items(String key) throws UserError {
        Optional<Node> value = value(key);
        if (value.isEmpty()) {
            return List.of();
        }
        if (!(value.get() instanceof SequenceNode list)) {
            throw error(value.get(), "\"" + key + "\" is a list");
        }
        return list.getValue();
    }

    private YamlMapping mapping(String key, Node value) throws UserError {
        if (!(value instanceof MappingNode mapping)) {
            throw error(value, "\"" + key + "\" needs \"key: value\" lines");
        }
        return new YamlMapping(file, mapping);
    }

    private String scalar(String key, Node value) throws UserError {
        if (!(value instanceof ScalarNode scalar)) {
            throw error(value, "\"" + key + "\" needs one value");
        }
        return scalar.getValue();
    }

    private long wholeOf(String key, Node place, long least) throws UserError {
        String text = scalar(key, place);
        try {
            long number = Long.parseLong(text);
            if (number >= least) {
                return number;
            }
        } catch (NumberFormatException e) {
            // handled by the error below
        }
        throw error(place, "\"" + key + "\" needs a whole number of " + least + " or more, got \"" + text + "\"");
    }

    private UserError error(Node place, String text) {
        return new UserError(file + place.getStartMark()
                .map(mark -> ":" + (mark.getLine() + 1) + ":" + (mark.getColumn() + 1)).orElse("") + ": " + text);
    }
}
