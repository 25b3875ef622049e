package io.selvage.server.compress;

import io.selvage.server.http.Failure;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/// Decompresses the gzip format (RFC 1952): any number of members one behind the other, each with a checksum that must hold.
final class GunzipCoder implements Coder {
    private static final int FIXED = 10;
    private static final int EXTRA = 4;
    private static final int NAME = 8;
    private static final int COMMENT = 16;
    private static final int HEADER_CHECKSUM = 2;
    private static final int RESERVED = 0xe0;

    /// The next thing of a member.
    private enum Part { FIXED, EXTRA_LENGTH, EXTRA, NAME, COMMENT, HEADER_CHECKSUM, DATA, TRAILER }

    private final Inflater inflater = new Inflater(true);
    private final CRC32 checksum = new CRC32();
    private Part part = Part.FIXED;
    private int flags;
    private int count;                                     // bytes of the part until now
    private long number;                                   // read in the part, least significant byte first
    private int extra;                                     // the length of the extra field

    @Override
    public boolean step(ByteBuffer in, ByteBuffer out, Goal goal) throws Failure {
        boolean progress = true;
        while (progress) {
            progress = part == Part.DATA ? inflate(in, out) : in.hasRemaining() && take(in.get());
        }
        if (in.hasRemaining() || part == Part.DATA && !out.hasRemaining()) {
            return false;
        }
        if (goal == Goal.END && (part != Part.FIXED || count > 0)) {
            throw malformed("it ends early");
        }
        return true;
    }

    /// @return true if the data of the member has ended
    private boolean inflate(ByteBuffer in, ByteBuffer out) throws Failure {
        ByteBuffer made = out.duplicate();
        try {
            inflater.setInput(in);
            inflater.inflate(out);
        } catch (DataFormatException e) {
            throw malformed(String.valueOf(e.getMessage()));
        }
        checksum.update(made.limit(out.position()));
        if (inflater.needsDictionary()) {
            throw malformed("it needs a dictionary");
        }
        if (inflater.finished()) {
            enter(Part.TRAILER);
            return true;
        }
        return false;
    }

    /// Takes one byte of anything but data.
    private boolean take(byte next) throws Failure {
        int octet = next & 0xff;
        number |= count < 8 ? (long) octet << 8 * count : 0;
        count++;
        switch (part) {
            case FIXED -> fixed(octet);
            case EXTRA_LENGTH -> {
                if (count == 2) {
                    extra = (int) number;
                    enter(extra > 0 ? Part.EXTRA : Part.NAME);
                }
            }
            case EXTRA -> endIf(count == extra);
            case NAME, COMMENT -> endIf(octet == 0);
            case HEADER_CHECKSUM -> endIf(count == 2);
            case TRAILER -> trailer();
            case DATA -> throw new IllegalStateException();
        }
        return true;
    }

    private void fixed(int octet) throws Failure {
        if (count == 1 && octet != 0x1f || count == 2 && octet != 0x8b || count == 3 && octet != 8) {
            throw malformed("it does not begin as gzip does");
        }
        if (count == 4) {
            flags = octet;
            if ((flags & RESERVED) != 0) {
                throw malformed("it has unknown flags");
            }
        }
        endIf(count == FIXED);
    }

    private void endIf(boolean ended) {
        if (ended) {
            enter(Part.values()[part.ordinal() + 1]);
        }
    }

    /// Begins a part, or the next one that the flags of the member announce.
    private void enter(Part wanted) {
        part = switch (wanted) {
            case EXTRA_LENGTH -> has(EXTRA) ? Part.EXTRA_LENGTH : afterExtra();
            case NAME -> afterExtra();
            case COMMENT -> has(COMMENT) ? Part.COMMENT : afterComment();
            case HEADER_CHECKSUM -> afterComment();
            case FIXED, EXTRA, DATA, TRAILER -> wanted;
        };
        count = 0;
        number = 0;
    }

    private Part afterExtra() {
        return has(NAME) ? Part.NAME : has(COMMENT) ? Part.COMMENT : afterComment();
    }

    private Part afterComment() {
        return has(HEADER_CHECKSUM) ? Part.HEADER_CHECKSUM : Part.DATA;
    }

    private boolean has(int flag) {
        return (flags & flag) != 0;
    }

    private void trailer() throws Failure {
        if (count < 8) {
            return;
        }
        if ((number & 0xffff_ffffL) != checksum.getValue() || (number >>> 32) != (inflater.getBytesWritten() & 0xffff_ffffL)) {
            throw malformed("its checksum is wrong");
        }
        checksum.reset();
        inflater.reset();
        enter(Part.FIXED);
    }

    private static Failure malformed(String why) {
        return Failure.here(Failure.What.MALFORMED, "a response compressed with gzip cannot be decompressed: " + why);
    }

    @Override
    public void close() {
        inflater.end();
    }
}
