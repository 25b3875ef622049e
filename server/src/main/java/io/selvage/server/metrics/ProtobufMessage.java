package io.selvage.server.metrics;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// Writes one message of Protocol Buffers, field by field: https://protobuf.dev/programming-guides/encoding/
final class ProtobufMessage {
    private static final int VARINT = 0;
    private static final int FIXED_64 = 1;
    private static final int BYTES = 2;
    private static final int WIRE_BITS = 3;
    private static final int VARINT_BITS = 7;
    private static final int MORE = 0x80;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    /// A field of type `uint32`, `uint64` or an enumeration.
    ProtobufMessage number(int field, long value) {
        tag(field, VARINT);
        varint(value);
        return this;
    }

    /// A field of type `sint32` or `sint64`.
    ProtobufMessage signed(int field, long value) {
        return number(field, zigzag(value));
    }

    /// A repeated field of type `sint64`, packed.
    ProtobufMessage signed(int field, long... values) {
        ProtobufMessage packed = new ProtobufMessage();
        for (long value : values) {
            packed.varint(zigzag(value));
        }
        return message(field, packed);
    }

    /// A field of type `double`.
    ProtobufMessage real(int field, double value) {
        tag(field, FIXED_64);
        long bits = Double.doubleToRawLongBits(value);
        for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
            bytes.write((int) (bits >>> shift));
        }
        return this;
    }

    /// A field of type `string`.
    ProtobufMessage text(int field, String value) {
        byte[] encoded = value.getBytes(StandardCharsets.UTF_8);
        tag(field, BYTES);
        varint(encoded.length);
        bytes.writeBytes(encoded);
        return this;
    }

    /// A field that is a message itself.
    ProtobufMessage message(int field, ProtobufMessage value) {
        tag(field, BYTES);
        value.writeDelimited(this.bytes);
        return this;
    }

    /// Writes the message behind its length.
    void writeDelimited(ByteArrayOutputStream out) {
        varint(bytes.size(), out);
        out.writeBytes(bytes.toByteArray());
    }

    private static long zigzag(long value) {
        return value << 1 ^ value >> Long.SIZE - 1;
    }

    private void tag(int field, int wire) {
        varint((long) field << WIRE_BITS | wire);
    }

    private void varint(long value) {
        varint(value, bytes);
    }

    private static void varint(long value, ByteArrayOutputStream out) {
        long rest = value;
        while ((rest & -MORE) != 0) {
            out.write((int) rest & MORE - 1 | MORE);
            rest >>>= VARINT_BITS;
        }
        out.write((int) rest);
    }
}
