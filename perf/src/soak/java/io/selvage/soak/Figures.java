package io.selvage.soak;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The resource usage of a process from `/proc`, and its heap after a collection.
record Figures(int descriptors, int threads, long residentKib, long heapKib) {
    private static final int MORE_DESCRIPTORS = 16;
    private static final int MORE_THREADS = 24;
    private static final long MORE_RESIDENT_KIB = 192 << 10;
    private static final long MORE_HEAP_KIB = 24 << 10;

    static Figures of(long pid, long heapKib) throws IOException {
        Path proc = Path.of("/proc", Long.toString(pid));
        int descriptors;
        try (var open = Files.list(proc.resolve("fd"))) {
            descriptors = (int) open.count();
        }
        long threads = 0;
        long resident = 0;
        for (String line : Files.readAllLines(proc.resolve("status"))) {
            if (line.startsWith("Threads:")) {
                threads = Long.parseLong(line.substring(8).strip());
            } else if (line.startsWith("VmRSS:")) {
                resident = Long.parseLong(line.substring(6).replace("kB", "").strip());
            }
        }
        return new Figures(descriptors, (int) threads, resident, heapKib);
    }

    /// The figures that have grown by more than random variation.
    List<String> worseThan(Figures before) {
        List<String> worse = new ArrayList<>();
        compare(worse, "descriptors", before.descriptors, descriptors, MORE_DESCRIPTORS);
        compare(worse, "threads", before.threads, threads, MORE_THREADS);
        compare(worse, "KiB resident", before.residentKib, residentKib, MORE_RESIDENT_KIB);
        compare(worse, "KiB of live heap", before.heapKib, heapKib, MORE_HEAP_KIB);
        return worse;
    }

    private static void compare(List<String> worse, String what, long before, long after, long bound) {
        if (after > before + bound) {
            worse.add(before + " " + what + " became " + after);
        }
    }
}
