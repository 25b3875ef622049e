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

    public static FieldNameSet of(String... names) {
        return of(Set.of(names));
    }

    public static FieldNameSet of(Collection<String> names) {
        return new FieldNameSet(names.stream().map(name -> name.toLowerCase(Locale.ROOT)).collect(Collectors.toSet()));
    }

    public boolean contains(String name) {
        int slot = hash(name) & table.length - 1;
        for (String known = table[slot]; known != null; known = table[slot]) {
            if (Headers.same(known, name)) {
                return true;
            }
            slot = slot + 1 & table.length - 1;
        }
        return false;
    }

    /// Of what the spelling does not change: bit 5 is all that tells a small letter from a capital one.
    private static int hash(String name) {
        int length = name.length();
        if (length == 0) {
            return 0;
        }
        int first = name.charAt(0) | 0x20;
        int middle = name.charAt(length / 2) | 0x20;
        int last = name.charAt(length - 1) | 0x20;
        int mixed = (31 * (31 * (31 * length + first) + middle) + last) * 0x9e3779b9;
        return mixed >>> 16;
    }
}
