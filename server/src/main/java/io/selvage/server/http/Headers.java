package io.selvage.server.http;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The fields of a message in the order and spelling in which they came (RFC 9110 §5). Immutable.
///
/// Names compare without regard to ASCII case. Values are byte strings: each `char` is one byte, 0 to 255, so that
/// what is passed through leaves as it came.
///
/// Most fields that are looked for are not there. So the fields know a bit of each of their names, and a name whose bit is not
/// among them is not searched for.
public final class Headers {
    public static final Headers EMPTY = new Headers(new String[0], 0, 0);

    /// Name and value in turn.
    private final String[] fields;
    private final int size;
    private final long bits;                               // of all names, and maybe of some that were removed
    private final boolean reusable;
    private volatile @Nullable Made made;              // of reusable fields; any thread, and the last one to write wins

    /// Makes something of fields; the same of the same fields.
    ///
    /// @param <T> what it makes
    /// @param <X> why it may not be able to
    @FunctionalInterface
    public interface Maker<T, X extends Exception> {
        T of(Headers fields) throws X;
    }

    private record Made(Maker<?, ?> maker, Object result) {
    }

    private Headers(String[] fields, int size, long bits, boolean reusable) {
        this.fields = fields;
        this.size = size;
        this.bits = bits;
        this.reusable = reusable;
    }

    private Headers(String[] fields, int size, long bits) {
        this(fields, size, bits, false);
    }

    /// Fields from name, value, name, value …
    public static Headers of(String... namesAndValues) {
        if (namesAndValues.length % 2 != 0) {
            throw new IllegalArgumentException("a name without a value");
        }
        long bits = 0;
        for (int i = 0; i < namesAndValues.length; i += 2) {
            bits |= bit(namesAndValues[i]);
        }
        return new Headers(namesAndValues.clone(), namesAndValues.length / 2, bits);
    }

    /// These fields as ones that go with many messages: what is made of them is remembered.
    public Headers reusable() {
        return reusable ? this : new Headers(fields, size, bits, true);
    }

    public boolean isReusable() {
        return reusable;
    }

    /// What `maker` makes of these fields. Fields that last remember the last result, so that it is made once for a file and
    /// not once for an exchange; one maker at a time is enough, since each stage has fields of its own.
    @SuppressWarnings("unchecked")
    public <T, X extends Exception> T made(Maker<T, X> maker) throws X {
        Made known = made;
        if (known != null && known.maker.equals(maker)) {
            return (T) known.result;                       // what an equal maker has made is of its type
        }
        T result = maker.of(this);
        if (reusable) {
            made = new Made(maker, result);
        }
        return result;
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

    /// Where the next field of this name is, from a place on; -1 for nowhere.
    public int indexOf(String name, int from) {
        if ((bits & bit(name)) == 0) {
            return -1;
        }
        for (int i = from; i < size; i++) {
            if (same(name(i), name)) {
                return i;
            }
        }
        return -1;
    }

    /// The value of the first field of this name.
    public Optional<String> first(String name) {
        int at = indexOf(name, 0);
        return at < 0 ? Optional.empty() : Optional.of(value(at));
    }

    /// The values of all fields of this name, in order.
    public List<String> all(String name) {
        int at = indexOf(name, 0);
        if (at < 0) {
            return List.of();
        }
        List<String> values = new ArrayList<>(2);
        for (int i = at; i >= 0; i = indexOf(name, i + 1)) {
            values.add(value(i));
        }
        return values;
    }

    /// All values of this name as one list, joined by `", "` (RFC 9110 §5.3).
    public Optional<String> joined(String name) {
        List<String> values = all(name);
        return values.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", values));
    }

    public boolean contains(String name) {
        return indexOf(name, 0) >= 0;
    }

    /// The members of a comma-separated list field such as `Connection`, in lower case, without empty ones.
    public Set<String> tokens(String name) {
        int at = indexOf(name, 0);
        if (at < 0) {
            return Set.of();
        }
        if (value(at).indexOf(',') < 0 && indexOf(name, at + 1) < 0) {
            String only = Whitespace.trim(value(at)).toLowerCase(Locale.ROOT);
            return only.isEmpty() ? Set.of() : Set.of(only);
        }
        Set<String> tokens = new LinkedHashSet<>();
        for (String value : all(name)) {
            for (String token : value.split(",", -1)) {
                String trimmed = Whitespace.trim(token).toLowerCase(Locale.ROOT);
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
        int same = 0;
        while (same < size && !name.test(name(same))) {
            same++;
        }
        if (same == size) {
            return this;
        }
        String[] kept = Arrays.copyOf(fields, 2 * size - 2);
        int count = same;
        for (int i = same + 1; i < size; i++) {
            if (!name.test(name(i))) {
                kept[2 * count] = name(i);
                kept[2 * count + 1] = value(i);
                count++;
            }
        }
        return count == 0 ? EMPTY : new Headers(kept, count, bits);
    }

    public Headers without(String name) {
        return contains(name) ? without(n -> same(n, name)) : this;
    }

    public Builder toBuilder() {
        return new Builder(this);
    }

    private static long bit(String name) {
        return 1L << FieldNameSet.hash(name);
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
        private static final int USUAL = 8;

        private String[] fields;
        private int size;
        private long bits;
        private boolean shared;                            // with fields that were built, so that a change needs a copy

        private Builder() {
            fields = new String[2 * USUAL];
        }

        private Builder(Headers start) {
            fields = start.fields;
            size = start.size;
            bits = start.bits;
            shared = true;
        }

        public Builder add(String name, String value) {
            if (2 * size == fields.length) {
                copy(2 * size + USUAL);
            } else if (shared) {
                copy(USUAL);
            }
            fields[2 * size] = name;
            fields[2 * size + 1] = value;
            bits |= bit(name);
            size++;
            return this;
        }

        private void copy(int room) {
            fields = Arrays.copyOf(fields, 2 * size + room);
            shared = false;
        }

        /// Replaces the first of this name, drops the others, or adds one.
        public Builder set(String name, String value) {
            if (shared) {
                copy(USUAL);
            }
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
            return addAllBut(_ -> false, others);
        }

        /// Adds others without those whose name is chosen.
        public Builder addAllBut(Predicate<String> name, Headers others) {
            for (int i = 0; i < others.size; i++) {
                if (!name.test(others.name(i))) {
                    add(others.name(i), others.value(i));
                }
            }
            return this;
        }

        public int size() {
            return size;
        }

        public Headers build() {
            shared = true;
            return size == 0 ? EMPTY : new Headers(fields, size, bits);
        }
    }
}
