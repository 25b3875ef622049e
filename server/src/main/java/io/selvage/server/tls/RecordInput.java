package io.selvage.server.tls;

import io.selvage.server.net.Connection;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;

/// The records that were received and that the engine has not read. Belongs to the reading thread.
///
/// While none is here and the other side sends little, no buffer is held during a wait. While it sends much, records are received
/// straight into the buffer that the engine reads.
final class RecordInput {
    /// The size of the header of a record.
    static final int HEADER = 5;

    private static final int FIRST_TYPE = 20;              // change_cipher_spec
    private static final int LAST_TYPE = 24;               // heartbeat
    private static final int MAJOR_VERSION = 3;
    /// The most bytes behind the header in TLS 1.2 (RFC 5246 §6.2.3); in 1.3 it is less.
    private static final int LONGEST = TlsPolicy.LARGEST_RECORD + 2048;

    private static final ByteBuffer NONE = ByteBuffer.allocateDirect(0);
    private static final ByteBuffer NO_HEAP = ByteBuffer.allocate(0);

    private final Connection plain;
    private final TlsBuffers buffers;
    private ByteBuffer records = NONE;                     // direct; those that are here are between position and limit
    private ByteBuffer held = NO_HEAP;                     // what the last wait has filled, to be used in the next one
    private boolean plenty;                                // the last read brought more than the heap buffer holds

    RecordInput(Connection plain, TlsBuffers buffers) {
        this.plain = plain;
        this.buffers = buffers;
    }

    /// The bytes that are here. The engine moves the position.
    ByteBuffer bytes() {
        return records;
    }

    /// True if a record is here completely, or the header of what cannot be one, so that the engine can refuse it.
    boolean hasRecord() {
        int here = records.remaining() - HEADER;
        return here >= 0 && (here >= length() || length() > LONGEST || isForeign());
    }

    /// True if the bytes that are here begin no record (RFC 8446 §5.1), so that it is no use to wait for the rest of it.
    boolean isForeign() {
        if (!records.hasRemaining()) {
            return false;
        }
        int type = records.get(records.position());
        boolean known = type >= FIRST_TYPE && type <= LAST_TYPE;
        return !known || records.remaining() >= 2 && records.get(records.position() + 1) != MAJOR_VERSION;
    }

    /// The size of the first record without its header, which must be here.
    int length() {
        return records.getShort(records.position() + 3) & 0xffff;
    }

    /// Waits for bytes.
    ///
    /// @return how many came; -1 at the end
    int await(Duration patience) throws IOException {
        if (records.hasRemaining() || plenty) {
            makeRoom();
            return received(() -> plain.read(records, patience));
        }
        release();
        ByteBuffer given = held;
        held = NO_HEAP;                                    // after a wait that failed, another connection may use `given`
        held = plain.awaitBytes(given, TlsBuffers.HEAP, patience);
        int count = held.position();
        if (count == 0) {
            return -1;
        }
        boolean full = !held.hasRemaining();
        records = buffers.take().put(held.flip()).flip();
        if (full) {
            makeRoom();
            count += Math.max(0, received(() -> plain.readNow(records)));
        }
        return count;
    }

    /// Receives what is there without a wait.
    ///
    /// @return as [Connection#readNow]
    int now() throws IOException {
        makeRoom();
        int count = received(() -> plain.readNow(records));
        if (!records.hasRemaining()) {
            release();
        }
        return count;
    }

    /// Reads into the room behind the bytes that are here.
    private interface Read {
        int run() throws IOException;
    }

    private int received(Read read) throws IOException {
        int count = 0;
        try {
            count = read.run();
        } finally {
            records.flip();
        }
        plenty = count > TlsBuffers.HEAP;
        return count;
    }

    /// Makes room for more bytes, in the state in which a buffer is filled.
    private void makeRoom() {
        if (records.capacity() == 0) {
            records = buffers.take();
        } else if (records.limit() < records.capacity() || records.position() > 0) {
            records.compact();
        } else {
            ByteBuffer larger = ByteBuffer.allocateDirect(Math.max(TlsBuffers.LARGE, 2 * records.capacity()));
            larger.put(records);
            buffers.give(records);
            records = larger;
        }
    }

    /// Gives the buffer back if nothing is in it.
    void release() {
        if (records.capacity() > 0 && !records.hasRemaining()) {
            buffers.give(records);
            records = NONE;
        }
    }

    /// Takes out the bytes that are here.
    ByteBuffer takeAll() {
        ByteBuffer all = ByteBuffer.allocate(records.remaining()).put(records).flip();
        release();
        return all;
    }
}
