package io.selvage.server.tls;

import io.selvage.server.engine.Carrier;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jctools.queues.atomic.MpmcAtomicArrayQueue;

/// Buffers for records and their data that no connection uses at the moment: those of one carrier, or those of all threads that
/// run on none. The last one given is the first one taken: it is the one that the processor still has in its caches. What is too
/// much for one carrier is for all. Large buffers are never freed, since the memory of a direct buffer only returns with a
/// collection of the old generation. Any thread.
final class TlsBuffers {
    /// Room for the largest record that engines make, or its data.
    static final int SMALL = 17 * 1024;
    /// Room for sixteen of the largest records.
    static final int LARGE = 272 * 1024;
    /// The size of the heap buffers that are kept.
    static final int HEAP = 4096;

    private static final int MOST_SMALL = 128;
    private static final int MOST_LARGE = 4;
    private static final int MOST_HEAP = 64;
    private static final int MOST_SHARED_SMALL = 512;
    /// The most large buffers of the whole process: 34 MiB up to 16 processors.
    private static final int MOST_LARGE_MADE = Math.max(128, 2 * MOST_LARGE * Runtime.getRuntime().availableProcessors());
    private static final AtomicInteger LARGE_MADE = new AtomicInteger();
    private static final MpmcAtomicArrayQueue<ByteBuffer> SHARED_SMALL = new MpmcAtomicArrayQueue<>(MOST_SHARED_SMALL);
    private static final MpmcAtomicArrayQueue<ByteBuffer> SHARED_LARGE = new MpmcAtomicArrayQueue<>(MOST_LARGE_MADE);
    private static final Map<Carrier, TlsBuffers> OF_CARRIERS = new ConcurrentHashMap<>();
    private static final TlsBuffers OF_OTHERS = new TlsBuffers();

    private final ArrayDeque<ByteBuffer> small = new ArrayDeque<>();
    private final ArrayDeque<ByteBuffer> large = new ArrayDeque<>();
    private final ArrayDeque<ByteBuffer> heap = new ArrayDeque<>();

    private TlsBuffers() {
    }

    /// Those where the calling thread runs.
    static TlsBuffers here() {
        return Carrier.current().map(carrier -> OF_CARRIERS.computeIfAbsent(carrier, _ -> new TlsBuffers())).orElse(OF_OTHERS);
    }

    /// An empty direct buffer of [#SMALL] bytes.
    synchronized ByteBuffer take() {
        ByteBuffer kept = small.isEmpty() ? SHARED_SMALL.poll() : small.pollLast();
        return kept == null ? ByteBuffer.allocateDirect(SMALL) : kept.clear();
    }

    /// An empty direct buffer of [#LARGE] bytes, or of [#SMALL] if there are too many large ones in use.
    synchronized ByteBuffer takeLarge() {
        ByteBuffer kept = large.isEmpty() ? SHARED_LARGE.poll() : large.pollLast();
        if (kept != null) {
            return kept.clear();
        }
        if (LARGE_MADE.get() < MOST_LARGE_MADE && LARGE_MADE.incrementAndGet() <= MOST_LARGE_MADE) {
            return ByteBuffer.allocateDirect(LARGE);
        }
        return take();
    }

    /// An empty heap buffer with room for so many bytes.
    synchronized ByteBuffer takeHeap(int size) {
        ByteBuffer kept = size <= HEAP ? heap.pollLast() : null;
        return kept == null ? ByteBuffer.allocate(size) : kept.capacity() < size ? ByteBuffer.allocate(HEAP) : kept.clear();
    }

    /// Takes a buffer back; the caller must not use it again.
    synchronized void give(ByteBuffer buffer) {
        if (!buffer.isDirect()) {
            if (buffer.capacity() > 0 && buffer.capacity() <= HEAP) {
                keep(heap, buffer, MOST_HEAP);
            }
        } else if (buffer.capacity() == SMALL && !keep(small, buffer, MOST_SMALL)) {
            SHARED_SMALL.offer(buffer);
        } else if (buffer.capacity() == LARGE && !keep(large, buffer, MOST_LARGE)) {
            SHARED_LARGE.offer(buffer);
        }
    }

    private static boolean keep(ArrayDeque<ByteBuffer> kept, ByteBuffer buffer, int most) {
        if (kept.size() < most) {
            kept.addLast(buffer);
            return true;
        }
        return false;
    }
}
