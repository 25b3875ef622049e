package io.selvage.server.compress;

import java.util.ArrayList;
import java.util.List;
import java.util.zip.Deflater;
import org.jctools.queues.atomic.MpmcAtomicArrayQueue;

/// Deflaters that are not in use. A new one costs more time than the compression of a short body: zlib allocates 256 KiB for it.
final class DeflaterPool {
    private static final int LEVELS = 9;
    private static final int MOST_KEPT = 8;
    private static final List<MpmcAtomicArrayQueue<Deflater>> KEPT = kept();

    private DeflaterPool() {
    }

    private static List<MpmcAtomicArrayQueue<Deflater>> kept() {
        List<MpmcAtomicArrayQueue<Deflater>> queues = new ArrayList<>();
        for (int level = 1; level <= LEVELS; level++) {
            queues.add(new MpmcAtomicArrayQueue<>(MOST_KEPT));
        }
        return List.copyOf(queues);
    }

    /// @param level 1 to 9
    static Deflater take(int level) {
        Deflater kept = KEPT.get(level - 1).poll();
        return kept == null ? new Deflater(level, true) : kept;
    }

    /// Returns a deflater; the caller must not use it again.
    static void give(int level, Deflater deflater) {
        deflater.reset();
        if (!KEPT.get(level - 1).offer(deflater)) {
            deflater.end();
        }
    }
}
