package io.selvage.server.trace;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Optional;

import static java.nio.charset.StandardCharsets.UTF_8;

/// What a receiver objects to although it answers with success: `ExportTracePartialSuccess` of OTLP.
///
/// @param rejected how many spans of the batch it has not taken, 0 or more
/// @param message why, for people; with no span rejected, a warning
record PartialSuccess(long rejected, String message) {
    private static final int VARINT = 0;
    private static final int FIXED_64 = 1;
    private static final int BYTES = 2;
    private static final int FIXED_32 = 5;
    private static final int WIRE_BITS = 3;
    private static final int VARINT_BITS = 7;
    private static final int MOST_TEXT = 500;

    private static final PartialSuccess NONE = new PartialSuccess(0, "");

    /// Reads the answer to an export, an `ExportTraceServiceResponse` in Protocol Buffers. Its one field is this message.
    ///
    /// @return empty if the receiver objects to nothing, or the answer cannot be read: the status says that the spans arrived
    static Optional<PartialSuccess> read(ByteBuffer response) {
        PartialSuccess found = NONE;
        try {
            while (response.hasRemaining()) {
                long tag = varint(response);
                if (tag == (1 << WIRE_BITS | BYTES)) {
                    found = found.with(delimited(response));
                } else {
                    skip(response, tag);
                }
            }
        } catch (BufferUnderflowException | IllegalArgumentException _) {
            return Optional.empty();
        }
        return found.equals(NONE) ? Optional.empty() : Optional.of(found);
    }

    private PartialSuccess with(ByteBuffer message) {
        PartialSuccess read = this;
        while (message.hasRemaining()) {
            long tag = varint(message);
            if (tag == (1 << WIRE_BITS | VARINT)) {
                read = new PartialSuccess(Math.max(0, varint(message)), read.message);
            } else if (tag == (2 << WIRE_BITS | BYTES)) {
                read = new PartialSuccess(read.rejected, UTF_8.decode(delimited(message)).toString());
            } else {
                skip(message, tag);
            }
        }
        return read;
    }

    private static long varint(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += VARINT_BITS) {
            byte next = in.get();
            value |= (long) (next & Byte.MAX_VALUE) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("a number of more than ten bytes");
    }

    private static ByteBuffer delimited(ByteBuffer in) {
        long length = varint(in);
        if (length < 0 || length > in.remaining()) {
            throw new BufferUnderflowException();
        }
        ByteBuffer part = in.slice(in.position(), (int) length);
        in.position(in.position() + (int) length);
        return part;
    }

    private static void skip(ByteBuffer in, long tag) {
        switch ((int) (tag & (1 << WIRE_BITS) - 1)) {
            case VARINT -> varint(in);
            case FIXED_64 -> in.getLong();
            case BYTES -> delimited(in);
            case FIXED_32 -> in.getInt();
            default -> throw new IllegalArgumentException("a group");
        }
    }

    /// For a line of the error log, behind the receiver.
    String words() {
        String why = message.length() > MOST_TEXT ? message.substring(0, MOST_TEXT) + "..." : message;
        String what = rejected == 0 ? "warns" : "has rejected " + rejected + (rejected == 1 ? " span" : " spans");
        return why.isEmpty() ? what : what + ": " + why;
    }
}
