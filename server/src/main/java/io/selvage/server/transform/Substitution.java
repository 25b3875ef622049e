package io.selvage.server.transform;

import java.nio.ByteBuffer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// Replaces strings in one body. The leftmost string is replaced first; of several at one place, the first in their order.
final class Substitution implements BodyTransform {
    private static final byte[] NOTHING = {};

    private final SearchStrings strings;
    private final IntFunction<byte[]> texts;
    private final boolean once;
    private final byte[] @Nullable [] replacements;        // by the index of the string, once it was found
    private final boolean[] done;                          // strings that are not looked for any more
    private int left;                                      // how many are
    private byte[] pending = NOTHING;                      // a replacement on its way
    private int pendingAt;

    /// @param texts the replacement of a string, given its index; called at most once for each
    /// @param once true to replace each string once
    Substitution(SearchStrings strings, IntFunction<byte[]> texts, boolean once) {
        this.strings = strings;
        this.texts = texts;
        this.once = once;
        this.replacements = new byte[strings.count()][];
        this.done = new boolean[strings.count()];
        this.left = strings.count();
    }

    @Override
    public int lookahead() {
        return Math.max(0, strings.longest() - 1);
    }

    @Override
    public Step step(ByteBuffer in, ByteBuffer out, boolean last) {
        while (true) {
            int count = Math.min(out.remaining(), pending.length - pendingAt);
            out.put(pending, pendingAt, count);
            pendingAt += count;
            if (pendingAt < pending.length) {
                return Step.NEEDS_ROOM;
            }
            int found = copyToNext(in, out, last);
            if (found < 0) {
                return out.hasRemaining() || !in.hasRemaining() ? Step.NEEDS_INPUT : Step.NEEDS_ROOM;
            }
            in.position(in.position() + strings.length(found));
            begin(found);
        }
    }

    private void begin(int found) {
        byte[] known = replacements[found];
        if (known == null) {
            known = texts.apply(found);
            replacements[found] = known;
        }
        pending = known;
        pendingAt = 0;
        if (once) {
            done[found] = true;
            left--;
        }
    }

    /// Copies what is before the next string, as far as there is room.
    ///
    /// @return the string at the position of `in` then; below 0 if there is none, or none is known
    private int copyToNext(ByteBuffer in, ByteBuffer out, boolean last) {
        byte[] bytes = in.array();
        int start = in.arrayOffset() + in.position();
        int end = start + in.remaining();
        int stop = start + Math.min(in.remaining(), out.remaining());
        int found = SearchStrings.NONE;
        int at = left == 0 ? stop : start;
        while (at < stop) {
            found = strings.mayBegin(bytes[at]) ? strings.at(bytes, at, end, last, done) : SearchStrings.NONE;
            if (found != SearchStrings.NONE) {
                break;
            }
            at++;
        }
        out.put(bytes, start, at - start);
        in.position(in.position() + at - start);
        return found;
    }
}
