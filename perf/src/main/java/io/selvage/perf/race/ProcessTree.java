package io.selvage.perf.race;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/// The resource usage of a process and all its descendants, from `/proc` (proc(5)). Memory that processes share counts in each
/// of them.
record ProcessTree(ProcessHandle root) {
    /// The unit of times in `/proc/PID/stat`: on Linux always 100 per second.
    private static final long NANOS_PER_TICK = 10_000_000;

    /// CPU time in nanoseconds since their start, including that of children that have ended; in steps of 10 ms.
    long cpuNanos() {
        return sum("stat", ProcessTree::ticks) * NANOS_PER_TICK;
    }

    /// CPU time in nanoseconds of the lab itself and of programs that it ran to their end, such as h2load; in steps of 10 ms.
    static long labNanos() throws IOException {
        return ticks(Files.readString(Path.of("/proc/self/stat"))) * NANOS_PER_TICK;
    }

    /// Resident memory in bytes.
    long residentBytes() {
        return sum("status", status -> kilobytes(status, "VmRSS:")) * 1024;
    }

    /// The sum of the peaks of resident memory, in bytes.
    long peakBytes() {
        return sum("status", status -> kilobytes(status, "VmHWM:")) * 1024;
    }

    /// User and system time, own and of reaped children, from the text of a `stat` file. The process name in it may contain
    /// anything.
    static long ticks(String stat) {
        String[] afterName = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return Stream.of(11, 12, 13, 14).mapToLong(field -> Long.parseLong(afterName[field])).sum();
    }

    /// The value of a line of a `status` file; 0 if it is absent.
    static long kilobytes(String status, String name) {
        return status.lines().filter(line -> line.startsWith(name))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", ""))).findFirst().orElse(0);
    }

    private long sum(String file, ToLongFunction<String> read) {
        List<ProcessHandle> all = Stream.concat(Stream.of(root), root.descendants()).toList();
        return all.stream().mapToLong(process -> {
            try {
                return read.applyAsLong(Files.readString(Path.of("/proc", Long.toString(process.pid()), file)));
            } catch (IOException e) {
                return 0; // the process has ended; its parent has its time
            }
        }).sum();
    }
}
