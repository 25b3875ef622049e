package io.selvage.server.route;

import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/// Ranges of IPv4 addresses with values (`geo` with `ranges`). Addresses are numbers from 0 to 2^32 - 1. Not thread-safe.
public final class AddressRanges {
    private final NavigableMap<Long, Piece> pieces = new TreeMap<>();   // by the first address; no two overlap

    private record Piece(long last, String value) {
    }

    /// What became of a range.
    public sealed interface Added {
        /// It is new, or a part of one that was there.
        record New() implements Added {
        }

        /// It replaced the same range.
        record Replaced(String value) implements Added {
        }

        /// It was not added, because it overlaps another one.
        record Overlaps(long first, long last) implements Added {
        }
    }

    /// Receives the ranges.
    @FunctionalInterface
    interface Receiver {
        void range(long first, long last, String value);
    }

    /// Adds a range. One inside another takes its addresses from that.
    public Added add(long first, long last, String value) {
        Optional<Map.Entry<Long, Piece>> found = overlapping(first, last);
        if (found.isEmpty()) {
            pieces.put(first, new Piece(last, value));
            return new Added.New();
        }
        long outerFirst = found.get().getKey();
        Piece outer = found.get().getValue();
        if (outerFirst > first || outer.last < last) {
            return new Added.Overlaps(outerFirst, outer.last);
        }
        cut(outerFirst, outer, first, last);
        pieces.put(first, new Piece(last, value));
        return outerFirst == first && outer.last == last ? new Added.Replaced(outer.value) : new Added.New();
    }

    /// Takes the values from the addresses of a range.
    ///
    /// @return false if none of them had one
    public boolean delete(long first, long last) {
        boolean any = false;
        for (var found = overlapping(first, last); found.isPresent(); found = overlapping(first, last)) {
            cut(found.get().getKey(), found.get().getValue(), first, last);
            any = true;
        }
        return any;
    }

    void forEach(Receiver receiver) {
        pieces.forEach((first, piece) -> receiver.range(first, piece.last, piece.value));
    }

    private Optional<Map.Entry<Long, Piece>> overlapping(long first, long last) {
        return Optional.ofNullable(pieces.floorEntry(last)).filter(piece -> piece.getValue().last >= first);
    }

    /// Leaves what a piece has outside a range.
    private void cut(long pieceFirst, Piece piece, long first, long last) {
        pieces.remove(pieceFirst);
        if (pieceFirst < first) {
            pieces.put(pieceFirst, new Piece(first - 1, piece.value));
        }
        if (piece.last > last) {
            pieces.put(last + 1, new Piece(piece.last, piece.value));
        }
    }
}
