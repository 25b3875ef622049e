package io.selvage.server.http2;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The dynamic table of HPACK (RFC 7541 §2.3.2, §4): the newest entry has index 0. An entry counts for the bytes of its name and
/// value and 32 more. Used by one thread at a time.
final class DynamicTable {
    static final int ENTRY_OVERHEAD = 32;
    private static final int FIRST_LENGTH = 16;

    private @Nullable String[] names = new String[FIRST_LENGTH];   // rings, of a power of two
    private @Nullable String[] values = new String[FIRST_LENGTH];
    private int[] tags = new int[FIRST_LENGTH];
    private int newest = -1;
    private int count;
    private int bytes;
    private int capacity;

    /// @param capacity in bytes
    DynamicTable(int capacity) {
        this.capacity = capacity;
    }

    int capacity() {
        return capacity;
    }

    int count() {
        return count;
    }

    String name(int index) {
        return stored(names, index);
    }

    String value(int index) {
        return stored(values, index);
    }

    /// What was noted with an entry.
    int tag(int index) {
        return tags[slot(index)];
    }

    static int size(String name, String value) {
        return name.length() + value.length() + ENTRY_OVERHEAD;
    }

    /// Adds an entry, after evicting as many as need be. One that is larger than the table leaves it empty (RFC 7541 §4.4).
    void add(String name, String value, int tag) {
        int size = size(name, value);
        evictTo(capacity - size);
        if (size > capacity) {
            return;
        }
        if (count == names.length) {
            grow();
        }
        newest = newest + 1 & names.length - 1;
        names[newest] = name;
        values[newest] = value;
        tags[newest] = tag;
        count++;
        bytes += size;
    }

    /// Changes the capacity, after evicting as many as need be (RFC 7541 §4.3).
    void resize(int newCapacity) {
        capacity = newCapacity;
        evictTo(newCapacity);
    }

    private void evictTo(int most) {
        while (count > 0 && bytes > most) {
            int oldest = slot(count - 1);
            bytes -= size(name(count - 1), value(count - 1));
            names[oldest] = null;
            values[oldest] = null;
            count--;
        }
    }

    private void grow() {
        int length = 2 * names.length;
        @Nullable String[] moreNames = Arrays.copyOf(names, length);
        @Nullable String[] moreValues = Arrays.copyOf(values, length);
        int[] moreTags = Arrays.copyOf(tags, length);
        for (int i = 0; i < count; i++) {
            int from = slot(i);
            int to = count - 1 - i;
            moreNames[to] = names[from];
            moreValues[to] = values[from];
            moreTags[to] = tags[from];
        }
        names = moreNames;
        values = moreValues;
        tags = moreTags;
        newest = count - 1;
    }

    private int slot(int index) {
        return newest - index & tags.length - 1;
    }

    private String stored(@Nullable String[] ring, int index) {
        String found = index < count ? ring[slot(index)] : null;
        if (found == null) {
            throw new IndexOutOfBoundsException(index);
        }
        return found;
    }
}
