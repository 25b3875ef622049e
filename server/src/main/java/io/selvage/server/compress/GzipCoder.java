package io.selvage.server.compress;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/// Compresses in the gzip format (RFC 1952), without a file name or a time.
final class GzipCoder implements Coder {
    private static final byte UNIX = 3;
    private static final byte[] HEADER = {0x1f, (byte) 0x8b, Deflater.DEFLATED, 0, 0, 0, 0, 0, 0, UNIX};
    private static final int TRAILER = 8;

    private final int level;
    private final Deflater deflater;
    private final CRC32 checksum = new CRC32();
    private long length;
    private boolean headerWritten;
    private boolean ended;

    /// @param level 1 to 9
    GzipCoder(int level) {
        this.level = level;
        this.deflater = DeflaterPool.take(level);
    }

    @Override
    public boolean step(ByteBuffer in, ByteBuffer out, Goal goal) {
        if (ended) {
            return true;
        }
        if (!headerWritten && out.remaining() <= HEADER.length) {
            return false;
        }
        int start = out.position();
        if (!headerWritten) {
            out.put(HEADER);
        }
        deflate(in, out, goal);
        if (!headerWritten && out.position() == start + HEADER.length && goal == Goal.CODE) {
            out.position(start);                           // so that the header leaves together with data
        } else {
            headerWritten = true;
        }
        return switch (goal) {
            case CODE -> !in.hasRemaining();
            case FLUSH -> !in.hasRemaining() && out.hasRemaining();    // zlib has more only if it filled the buffer
            case END -> end(out);
        };
    }

    private void deflate(ByteBuffer in, ByteBuffer out, Goal goal) {
        ByteBuffer taken = in.duplicate();
        deflater.setInput(in);
        if (goal == Goal.END) {
            deflater.finish();
        }
        deflater.deflate(out, goal == Goal.FLUSH ? Deflater.SYNC_FLUSH : Deflater.NO_FLUSH);
        taken.limit(in.position());
        length += taken.remaining();
        checksum.update(taken);
    }

    private boolean end(ByteBuffer out) {
        if (deflater.finished() && out.remaining() >= TRAILER) {
            ByteOrder order = out.order();
            out.order(ByteOrder.LITTLE_ENDIAN).putInt((int) checksum.getValue()).putInt((int) length).order(order);
            ended = true;
        }
        return ended;
    }

    @Override
    public void close() {
        DeflaterPool.give(level, deflater);
    }
}
