package io.selvage.perf.race;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/// What a process and all its children use, from `/proc` (proc(5)). Memory that processes share is counted in each of them.
record ProcessTree(ProcessHandle root) {
    /// The unit of times in `/proc/PID/stat`, which Linux keeps at 100 per second for every program.
    private static final long NANOS_PER_TICK = 10_000_000;

    /// CPU time in nanoseconds since their start, that of children who are gone included; in steps of 10 ms.
    long cpuNanos() {
        return sum("stat", ProcessTree::ticks) * NANOS_PER_TICK;
    }

    /// Resident memory in bytes.
    long residentBytes() {
        return sum("status", status -> kilobytes(status, "VmRSS:")) * 1024;
    }

    /// The most memory each has ever had resident, in bytes.
    long peakBytes() {
        return sum("status", status -> kilobytes(status, "VmHWM:")) * 1024;
    }

    /// User and system time, own and of children waited for, from the text of a `stat` file. The name in it may hold anything.
    static long ticks(String stat) {
        String[] afterName = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return Stream.of(11, 12, 13, 14).mapToLong(field -> Long.parseLong(afterName[field])).sum();
    }

    /// A line of a `status` file; 0 when it is not there.
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
                return 0; // it ended meanwhile; its time is with its parent
            }
        }).sum();
    }
}
