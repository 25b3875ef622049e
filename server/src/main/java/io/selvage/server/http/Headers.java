package io.selvage.server.http;

import java.nio.charset.StandardCharsets;
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
///
/// Fields that were received ([Builder#addReceived]) keep their lines as bytes, with the places of the values in them. A value
/// becomes a string when it is asked for; [#copyLine] passes a line on without that.
public final class Headers {
    private static final int MOST_DIGITS = 18;             // fit a long
    private static final String[] NO_FIELDS = { };
    private static final char[] NO_PLACES = { };
    private static final byte[] NO_LINES = { };
    /// In place of a value that was not read yet.
    @SuppressWarnings("StringOperationCanBeSimplified")    // it differs from every value, the empty one too
    private static final String UNREAD = new String();
    /// No fields; all empty `Headers` that a builder makes are this object.
    public static final Headers EMPTY = Headers.of();

    /// Name and value in turn. A value takes the place of [#UNREAD] on any thread: each makes the same string.
    private final String[] fields;
    /// Where the value of each field starts and ends in `lines`, both 0 for a field that is not there; empty if none is.
    private final char[] places;
    private final byte[] lines;                            // that were received
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

    private Headers(Builder builder, int size) {
        this.fields = builder.fields;
        this.places = builder.places;
        this.lines = builder.lines;
        this.size = size;
        this.bits = builder.bits;
        this.reusable = false;
    }

    private Headers(Headers same, boolean reusable) {
        this.fields = same.fields;
        this.places = same.places;
        this.lines = same.lines;
        this.size = same.size;
        this.bits = same.bits;
        this.reusable = reusable;
    }

    /// Fields from name, value, name, value …
    public static Headers of(String... namesAndValues) {
        if (namesAndValues.length % 2 != 0) {
            throw new IllegalArgumentException("a name without a value");
        }
        Builder fields = new Builder(namesAndValues.length / 2);
        for (int i = 0; i < namesAndValues.length; i += 2) {
            fields.add(namesAndValues[i], namesAndValues[i + 1]);
        }
        return new Headers(fields, fields.size);
    }

    /// These fields as ones that go with many messages: what is made of them is remembered.
    public Headers reusable() {
        return reusable ? this : new Headers(this, true);
    }

    /// True if these fields remember the last result of [#made].
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
        return new Builder(Builder.USUAL);
    }

    /// The number of fields, of which several may have one name. Their indexes run from 0.
    public int size() {
        return size;
    }

    public String name(int index) {
        return fields[2 * index];
    }

    /// The value of a field. The first call for a received field makes the string, later calls return the same one.
    public String value(int index) {
        String value = fields[2 * index + 1];
        return value == UNREAD ? read(index) : value;
    }

    private String read(int index) {
        int from = places[2 * index];
        String value = new String(lines, from, places[2 * index + 1] - from, StandardCharsets.ISO_8859_1);
        fields[2 * index + 1] = value;
        return value;
    }

    /// True if this is the value of a field, which then is no longer made a string of its own.
    public boolean hasValue(int index, String value) {
        if (fields[2 * index + 1] != UNREAD) {
            return fields[2 * index + 1].equals(value);
        }
        int from = places[2 * index];
        boolean same = places[2 * index + 1] - from == value.length();
        for (int i = 0; i < value.length() && same; i++) {
            same = (lines[from + i] & 0xff) == value.charAt(i);
        }
        if (same) {
            fields[2 * index + 1] = value;
        }
        return same;
    }

    /// The value of a field as a number: decimal digits only, at most 18 of them; -1 for anything else.
    public long decimal(int index) {
        if (fields[2 * index + 1] != UNREAD) {
            return decimal(value(index));
        }
        int from = places[2 * index];
        int to = places[2 * index + 1];
        long number = to == from || to - from > MOST_DIGITS ? -1 : 0;
        for (int i = from; i < to && number >= 0; i++) {
            number = lines[i] >= '0' && lines[i] <= '9' ? 10 * number + lines[i] - '0' : -1;
        }
        return number;
    }

    private static long decimal(String value) {
        long number = value.isEmpty() || value.length() > MOST_DIGITS ? -1 : 0;
        for (int i = 0; i < value.length() && number >= 0; i++) {
            char c = value.charAt(i);
            number = c >= '0' && c <= '9' ? 10 * number + c - '0' : -1;
        }
        return number;
    }

    /// The bytes that [#copyLine] copies; 0 for a field whose line is not kept.
    public int lineLength(int index) {
        boolean kept = places.length > 0 && places[2 * index + 1] > 0;
        return kept ? places[2 * index + 1] - lineStart(index) : 0;
    }

    private int lineStart(int index) {
        return places[2 * index] - 2 - name(index).length();
    }

    /// Copies the line of a field as it was received, without its end: name, `": "`, value. It has no CR, LF or NUL.
    ///
    /// @param index of a field whose [#lineLength] is above 0
    public void copyLine(int index, byte[] into, int at) {
        System.arraycopy(lines, lineStart(index), into, at, lineLength(index));
    }

    /// The bytes of a value that was received and is no string yet; -1 for other values.
    public int receivedLength(int index) {
        return fields[2 * index + 1] == UNREAD ? places[2 * index + 1] - places[2 * index] : -1;
    }

    /// Copies the value of a field that was received.
    ///
    /// @param index of a field whose [#receivedLength] is not -1
    public void copyReceived(int index, byte[] into, int at) {
        System.arraycopy(lines, places[2 * index], into, at, places[2 * index + 1] - places[2 * index]);
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

    /// True if there is a field of this name, without regard to ASCII case.
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
        Builder kept = new Builder(this, same);
        for (int i = same + 1; i < size; i++) {
            if (!name.test(name(i))) {
                kept.move(i, kept.size);
                kept.size++;
            }
        }
        return kept.size == 0 ? EMPTY : new Headers(kept, kept.size);
    }

    /// These fields without all of this name; the same object if there are none.
    public Headers without(String name) {
        return contains(name) ? without(n -> same(n, name)) : this;
    }

    /// A builder that starts with these fields, which it does not change.
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
        boolean equal = other instanceof Headers that && size == that.size;
        for (int i = 0; i < size && equal; i++) {
            Headers that = (Headers) other;
            equal = name(i).equals(that.name(i)) && value(i).equals(that.value(i));
        }
        return equal;
    }

    @Override
    public int hashCode() {
        int hash = 1;
        for (int i = 0; i < size; i++) {
            hash = 31 * (31 * hash + name(i).hashCode()) + value(i).hashCode();
        }
        return hash;
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
        /// The most bytes of all lines in which fields are found.
        public static final int MOST_RECEIVED = Character.MAX_VALUE;
        private static final int USUAL = 8;

        private String[] fields;
        private char[] places = NO_PLACES;
        private byte[] lines = NO_LINES;
        private int received;                              // bytes in `lines`
        private int size;
        private int before;                                // the fields that were forgotten last
        private long bits;
        private boolean shared;                            // with fields that were built, so that a change needs a copy

        private Builder(int room) {
            fields = new String[2 * room];
        }

        private Builder(Headers start) {
            fields = start.fields;
            places = start.places;
            lines = start.lines;
            received = lines.length;
            size = start.size;
            bits = start.bits;
            shared = true;
        }

        /// @param kept how many of the first fields are kept; the others are there to be moved
        private Builder(Headers start, int kept) {
            this(start);
            copy(start.size);
            size = kept;
        }

        /// Adds a field behind the others, even if there is one of this name. Checks neither name nor value.
        public Builder add(String name, String value) {
            put(name, value);
            unplace(size);
            size++;
            return this;
        }

        private void put(String name, String value) {
            if (2 * size == fields.length) {
                copy(size + USUAL);
            } else if (shared) {
                copy(size + 1);
            }
            fields[2 * size] = name;
            fields[2 * size + 1] = value;
            bits |= bit(name);
        }

        /// Adds a field that was received, in a line with `": "` between name and value, and without CR, LF or NUL.
        ///
        /// @param from where its value starts in what [#received] gets
        /// @param to where its value ends, at most [#MOST_RECEIVED]
        public Builder addReceived(String name, int from, int to) {
            put(name, UNREAD);
            if (places.length == 0) {
                places = new char[fields.length];
            }
            places[2 * size] = (char) from;
            places[2 * size + 1] = (char) to;
            size++;
            return this;
        }

        /// Adds the next bytes that were received, for fields that may have been added already. The window may change afterwards.
        public void received(byte[] window, int from, int to) {
            int end = received + to - from;
            if (end > lines.length) {
                lines = Arrays.copyOf(lines, received == 0 ? end : Math.max(end, 2 * lines.length));
            }
            System.arraycopy(window, from, lines, received, to - from);
            received = end;
        }

        /// The number of bytes that were received until now.
        public int received() {
            return received;
        }

        private void copy(int room) {
            fields = Arrays.copyOf(fields, 2 * room);
            places = places.length == 0 ? NO_PLACES : Arrays.copyOf(places, 2 * room);
            shared = false;
        }

        private void move(int from, int to) {
            fields[2 * to] = fields[2 * from];
            fields[2 * to + 1] = fields[2 * from + 1];
            if (places.length > 0) {
                places[2 * to] = places[2 * from];
                places[2 * to + 1] = places[2 * from + 1];
            }
        }

        /// Replaces the first of this name, drops the others, or adds one.
        public Builder set(String name, String value) {
            if (shared) {
                copy(size + 1);
            }
            int to = 0;
            boolean placed = false;
            for (int from = 0; from < size; from++) {
                boolean named = same(fields[2 * from], name);
                if (named && placed) {
                    continue;
                }
                move(from, to);
                if (named) {
                    placed = true;
                    fields[2 * to + 1] = value;
                    unplace(to);
                }
                to++;
            }
            size = to;
            return placed ? this : add(name, value);
        }

        private void unplace(int index) {
            if (places.length > 0) {
                places[2 * index + 1] = 0;
            }
        }

        /// Adds all fields of another message behind these.
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

        /// The fields that were collected until now. The builder may be used further.
        public Headers build() {
            shared = true;
            return size == 0 ? EMPTY : new Headers(this, size);
        }

        /// Forgets all fields, so that nothing of them is held here; those that were built stay as they are. [#clear] comes
        /// before the next one is added.
        public void forget() {
            before = size;
            fields = NO_FIELDS;
            places = NO_PLACES;
            lines = NO_LINES;
            size = 0;
        }

        /// Makes room for other fields: for as many as were forgotten last, since the next head is often of the same sender.
        public void clear() {
            fields = new String[2 * (before == 0 ? USUAL : before)];
            places = NO_PLACES;
            lines = NO_LINES;
            received = 0;
            size = 0;
            bits = 0;
            shared = false;
        }
    }
}
