package io.selvage.server.transform;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// The conversions between character sets that a configuration declares (`charset_map`). Names compare without regard to ASCII
/// case. Immutable.
public final class CharsetMaps {
    /// The only character set with more than one byte for a character.
    public static final String UTF_8 = "utf-8";

    private final Map<String, Supplier<BodyTransform>> conversions = new HashMap<>();

    /// @param tables each gives two conversions, there and back
    public CharsetMaps(List<Table> tables) {
        tables.forEach(this::add);
    }

    /// What the bytes of one character set are in another one. A byte below 128 that is not mentioned stays the same, and another
    /// one becomes a question mark.
    ///
    /// @param from a character set of one byte for each character
    /// @param to another one, or [#UTF_8]
    /// @param characters by the byte in `from`: the byte in `to`, or the code point for UTF-8; at most 0xffff
    public record Table(String from, String to, Map<Integer, Integer> characters) {
        public Table {
            characters = Map.copyOf(characters);
        }
    }

    private void add(Table table) {
        if (table.to.equalsIgnoreCase(UTF_8)) {
            byte[][] sequences = Utf8Encoding.sequences(table.characters);
            short[] bytes = Utf8Decoding.bytes(table.characters);
            conversions.put(key(table.from, table.to), () -> new Utf8Encoding(sequences));
            conversions.put(key(table.to, table.from), () -> new Utf8Decoding(bytes));
            return;
        }
        Map<Integer, Integer> back = new HashMap<>();
        table.characters.forEach((from, to) -> back.put(to, from));
        byte[] there = ByteReplacement.table(table.characters);
        byte[] returning = ByteReplacement.table(back);
        conversions.put(key(table.from, table.to), () -> new ByteReplacement(there));
        conversions.put(key(table.to, table.from), () -> new ByteReplacement(returning));
    }

    /// A new conversion; empty if there is no table for it.
    Optional<BodyTransform> conversion(String from, String to) {
        return Optional.ofNullable(conversions.get(key(from, to))).map(Supplier::get);
    }

    private static String key(String from, String to) {
        return (from + " " + to).toLowerCase(Locale.ROOT);
    }
}
