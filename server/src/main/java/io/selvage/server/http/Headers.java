package io.selvage.server.http;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/// The fields of a message in the order and spelling in which they came (RFC 9110 §5). Immutable.
///
/// Names compare without regard to ASCII case. Values are byte strings: each `char` is one byte, 0 to 255, so that
/// what is passed through leaves as it came.
public final class Headers {
    public static final Headers EMPTY = new Headers(new String[0], 0);

    /// Name and value in turn.
    private final String[] fields;
    private final int size;

    private Headers(String[] fields, int size) {
        this.fields = fields;
        this.size = size;
    }

    /// Fields from name, value, name, value …
    public static Headers of(String... namesAndValues) {
        if (namesAndValues.length % 2 != 0) {
            throw new IllegalArgumentException("a name without a value");
        }
        return new Headers(namesAndValues.clone(), namesAndValues.length / 2);
    }

    public static Builder builder() {
        return new Builder();
    }

    public int size() {
        return size;
    }

    public String name(int index) {
        return fields[2 * index];
    }

    public String value(int index) {
        return fields[2 * index + 1];
    }

    /// The value of the first field of this name.
    public Optional<String> first(String name) {
        for (int i = 0; i < size; i++) {
            if (same(name(i), name)) {
                return Optional.of(value(i));
            }
        }
        return Optional.empty();
    }

    /// The values of all fields of this name, in order.
    public List<String> all(String name) {
        List<String> values = new ArrayList<>(2);
        for (int i = 0; i < size; i++) {
            if (same(name(i), name)) {
                values.add(value(i));
            }
        }
        return values;
    }

    /// All values of this name as one list, joined by `", "` (RFC 9110 §5.3).
    public Optional<String> joined(String name) {
        List<String> values = all(name);
        return values.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", values));
    }

    public boolean contains(String name) {
        for (int i = 0; i < size; i++) {
            if (same(name(i), name)) {
                return true;
            }
        }
        return false;
    }

    /// The members of a comma-separated list field such as `Connection`, in lower case, without empty ones.
    public Set<String> tokens(String name) {
        Set<String> tokens = new LinkedHashSet<>();
        for (String value : all(name)) {
            for (String token : value.split(",", -1)) {
                String trimmed = token.strip().toLowerCase(Locale.ROOT);
                if (!trimmed.isEmpty()) {
                    tokens.add(trimmed);
                }
            }
        }
        return tokens;
    }

    /// These fields and one more at the end.
    public Headers with(String name, String value) {
        return toBuilder().add(name, value).build();
    }

    /// These fields with exactly one of this name; it takes the place of the first, or the end.
    public Headers replacing(String name, String value) {
        return toBuilder().set(name, value).build();
    }

    /// These fields without those whose name is chosen.
    public Headers without(Predicate<String> name) {
        Builder kept = new Builder();
        for (int i = 0; i < size; i++) {
            if (!name.test(name(i))) {
                kept.add(name(i), value(i));
            }
        }
        return kept.build();
    }

    public Headers without(String name) {
        return contains(name) ? without(n -> same(n, name)) : this;
    }

    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.fields = Arrays.copyOf(fields, 2 * size + 8);
        builder.size = size;
        return builder;
    }

    /// Whether two names mean the same field.
    public static boolean same(String a, String b) {
        return a == b || a.length() == b.length() && a.equalsIgnoreCase(b);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Headers that && size == that.size
                && Arrays.equals(fields, 0, 2 * size, that.fields, 0, 2 * size);
    }

    @Override
    public int hashCode() {
        return Arrays.asList(fields).subList(0, 2 * size).hashCode();
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < size; i++) {
            text.append(name(i)).append(": ").append(value(i)).append('\n');
        }
        return text.toString();
    }

    /// Collects fields; not thread-safe. What it has built does not change when more is added.
    public static final class Builder {
        private String[] fields = new String[32];
        private int size;

        private Builder() {
        }

        public Builder add(String name, String value) {
            if (2 * size == fields.length) {
                fields = Arrays.copyOf(fields, 2 * fields.length + 8);
            }
            fields[2 * size] = name;
            fields[2 * size + 1] = value;
            size++;
            return this;
        }

        /// Replaces the first of this name, drops the others, or adds one.
        public Builder set(String name, String value) {
            int to = 0;
            boolean placed = false;
            for (int from = 0; from < size; from++) {
                boolean named = same(fields[2 * from], name);
                if (named && placed) {
                    continue;
                }
                fields[2 * to] = fields[2 * from];
                fields[2 * to + 1] = named ? value : fields[2 * from + 1];
                placed |= named;
                to++;
            }
            size = to;
            return placed ? this : add(name, value);
        }

        public Builder addAll(Headers others) {
            for (int i = 0; i < others.size; i++) {
                add(others.name(i), others.value(i));
            }
            return this;
        }

        public int size() {
            return size;
        }

        public Headers build() {
            return size == 0 ? EMPTY : new Headers(Arrays.copyOf(fields, 2 * size), size);
        }
    }
}
