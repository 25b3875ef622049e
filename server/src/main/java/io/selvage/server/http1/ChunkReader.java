package io.selvage.server.http1;

import io.selvage.server.http.Headers;
import io.selvage.server.http.Refusal;
import io.selvage.server.http.Status;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads the framing of a chunked body and leaves its data alone (RFC 9112 §7.1). No leniency at all: each line ends with CRLF.
///
/// Bounds: a chunk has less than 4 GiB; extensions have 4 KiB a chunk, and in all not more than 16 KiB beyond the bytes of
/// data; size lines and extensions together have eight bytes for each byte of data and 16 KiB more (a chunk of one byte needs
/// five); trailers are bounded as the fields of a head are.
final class ChunkReader {
    private static final int MAX_SIZE_DIGITS = 16;
    private static final long MAX_CHUNK = 0xffff_ffffL;
    private static final int MAX_EXTENSION = 4096;
    private static final int EXTENSIONS_BEYOND_DATA = 16 * 1024;
    private static final int FRAMING_PER_BYTE = 8;
    private static final int FRAMING_BEYOND_DATA = 16 * 1024;

    private enum State {
        SIZE(true), EXTENSION(true), SIZE_LF(true), DATA(false), DATA_CR(true), DATA_LF(true), TRAILERS(false), ENDED(false);

        private final boolean isOfChunk;           // whether its bytes frame a chunk

        State(boolean isOfChunk) {
            this.isOfChunk = isOfChunk;
        }
    }

    private final FieldRules trailerRules;
    private final ChunkExtensions extensionSyntax = new ChunkExtensions();
    private State state = State.SIZE;
    private int digits;                            // of the size being read
    private long left;                             // bytes of data of this chunk
    private int extension;                         // bytes of this chunk's extensions
    private long extensions;                       // of all chunks
    private long framing;                          // bytes of all chunks that are not data
    private long data;                             // of all chunks
    private long used;                             // bytes of framing and trailers
    private @Nullable FieldSection trailers;       // behind the last chunk
    private @Nullable Refusal refusal;

    ChunkReader(FieldRules rules) {
        this.trailerRules = rules.forTrailers();
    }

    /// Uses framing up to data, the end, a fault or the end of the window.
    ///
    /// @return the number of bytes used
    int read(byte[] window, int from, int to) {
        int at = from;
        while (at < to && refusal == null && state.isOfChunk) {
            octet(window[at++]);
        }
        framing += at - from;
        if (framing > FRAMING_PER_BYTE * data + FRAMING_BEYOND_DATA) {
            refuse("too much framing for its data");
        }
        if (state == State.TRAILERS && refusal == null) {
            at += trailers(window, at, to);
        }
        used += at - from;
        return at - from;
    }

    /// Bytes of framing and trailers so far.
    long used() {
        return used;
    }

    /// Bytes of data that come next; 0 where framing or the end does.
    long dataLeft() {
        return state == State.DATA ? left : 0;
    }

    /// Tells that so many bytes of data were taken.
    void took(int count) {
        left -= count;
        data += count;
        if (left == 0) {
            state = State.DATA_CR;
        }
    }

    boolean ended() {
        return state == State.ENDED;
    }

    Optional<Refusal> refusal() {
        return Optional.ofNullable(refusal);
    }

    /// The trailer section, without the fields that have no place there.
    Headers trailers() {
        return trailers == null ? Headers.EMPTY
                : trailers.headers().without(FieldNames::isNotForTrailers);
    }

    private void octet(byte octet) {
        switch (state) {
            case SIZE -> size(octet);
            case EXTENSION -> extension(octet);
            case SIZE_LF -> {
                expect(octet, '\n', left == 0 ? State.TRAILERS : State.DATA);
                digits = 0;
                extension = 0;
            }
            case DATA_CR -> expect(octet, '\r', State.DATA_LF);
            case DATA_LF -> expect(octet, '\n', State.SIZE);
            case DATA, TRAILERS, ENDED -> throw new AssertionError(state);
        }
    }

    private void size(byte octet) {
        int digit = octet < 0 ? -1 : Character.digit(octet, 16);
        if (digit >= 0) {
            left = digits == 0 ? digit : 16 * left + digit;
            if (++digits > MAX_SIZE_DIGITS || left > MAX_CHUNK) {
                refuse("too large a chunk");
            }
        } else if (digits > 0 && octet == '\r') {
            state = State.SIZE_LF;
        } else if (digits > 0 && (octet == ';' || octet == ' ' || octet == '\t')) {
            state = State.EXTENSION;
            extensionSyntax.begin();
            extension(octet);
        } else {
            refuse("an invalid chunk size");
        }
    }

    /// Extensions are skipped, but must be well-formed.
    private void extension(byte octet) {
        extensions++;
        if (++extension > MAX_EXTENSION || extensions > data + EXTENSIONS_BEYOND_DATA) {
            refuse("too large chunk extensions");
        } else if (octet == '\r' && extensionSyntax.isComplete()) {
            state = State.SIZE_LF;
        } else if (!extensionSyntax.accept(octet)) {
            refuse("an invalid chunk extension");
        }
    }

    private int trailers(byte[] window, int from, int to) {
        FieldSection section = trailers;
        if (section == null) {
            section = new FieldSection(trailerRules, 0);
            trailers = section;
        }
        switch (section.read(window, from, to)) {
            case MORE -> { }
            case ENDED -> state = State.ENDED;
            case REFUSED -> refusal = section.refusal().orElseThrow();
        }
        return section.used();
    }

    private void expect(byte octet, char wanted, State next) {
        if (octet == wanted) {
            state = next;
        } else {
            refuse("no CRLF where a chunk has one");
        }
    }

    private void refuse(String reason) {
        refusal = new Refusal(Status.BAD_REQUEST, reason);
    }
}
