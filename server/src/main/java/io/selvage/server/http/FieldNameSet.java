package io.selvage.server.http;

import java.util.Collection;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Names of fields, asked for in any spelling without making a string of it. Immutable.
public final class FieldNameSet {
    private final @Nullable String[] table;                // open addressing, at most a quarter full

    private FieldNameSet(Set<String> names) {
        table = new String[Integer.highestOneBit(4 * names.size() + 4)];
        for (String name : names) {
            int slot = hash(name) & table.length - 1;
            while (table[slot] != null) {
                slot = slot + 1 & table.length - 1;
            }
            table[slot] = name;
        }
    }

    /// A set of these names, in any spelling, of which no two may be written alike.
    public static FieldNameSet of(String... names) {
        return of(Set.of(names));
    }

    /// A set of these names, in any spelling.
    public static FieldNameSet of(Collection<String> names) {
        return new FieldNameSet(names.stream().map(FieldNameSet::usual).collect(Collectors.toSet()));
    }

    /// A name in the spelling in which it is usually received. Most names that are asked for are literals of that spelling, and
    /// the same object is known without comparing characters.
    private static String usual(String name) {
        StringBuilder spelling = new StringBuilder(name.toLowerCase(Locale.ROOT));
        for (int i = 0; i < spelling.length(); i++) {
            char c = spelling.charAt(i);
            if ((i == 0 || spelling.charAt(i - 1) == '-') && c >= 'a' && c <= 'z') {
                spelling.setCharAt(i, (char) (c - 'a' + 'A'));
            }
        }
        return spelling.toString().intern();
    }

    /// True if one of the names is this one, without regard to ASCII case.
    public boolean contains(String name) {
        return indexOf(name) >= 0;
    }

    /// The index of a name, for what is known about it: from 0 up to [#indexes], not in any order; -1 for a name that is not
    /// here.
    public int indexOf(String name) {
        int slot = hash(name) & table.length - 1;
        for (String known = table[slot]; known != null; known = table[slot]) {
            if (Headers.same(known, name)) {
                return slot;
            }
            slot = slot + 1 & table.length - 1;
        }
        return -1;
    }

    /// A number above all indexes.
    public int indexes() {
        return table.length;
    }

    /// As [#hash(int, int, int, int)]; 0 for the empty name.
    static int hash(String name) {
        int length = name.length();
        return length == 0 ? 0 : hash(length, name.charAt(0), name.charAt(length / 2), name.charAt(length - 1));
    }

    /// A hash of names, 0 to 65,535, that their spelling does not change: bit 5 is all that tells a small letter from a capital
    /// one.
    ///
    /// @param middle the character at half the length, rounded down
    public static int hash(int length, int first, int middle, int last) {
        int mixed = (31 * (31 * (31 * length + (first | 0x20)) + (middle | 0x20)) + (last | 0x20)) * 0x9e3779b9;
        return mixed >>> 16;
    }
}
