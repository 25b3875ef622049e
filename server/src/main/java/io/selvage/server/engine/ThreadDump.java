package io.selvage.server.engine;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// The threads of the process and their stacks, as text.
///
/// Threads with the same state and stack are listed together, so that the dump of a server with many idle connections stays
/// short. The text does not show one instant: each stack is read on its own, by [Thread#getStackTrace()], while the other threads
/// run. Reading the stack of a parked thread suspends it for some microseconds.
///
/// The JDK's own dump of virtual threads (`jcmd Thread.dump_to_file`, `HotSpotDiagnosticMXBean.dumpThreads`) is not used: up to
/// JDK 25 it reads the stacks of threads that are being mounted or unmounted, which can crash the process (JDK-8364343).
/// `Thread.getStackTrace` checks for that and tries again.
public final class ThreadDump {
    /// How many threads of one group are named.
    private static final int MOST_NAMED = 20;

    private ThreadDump() {
    }

    /// One thread.
    ///
    /// @param label its name, and its id or owner
    record Seen(String label, Thread.State state, List<StackTraceElement> stack) {
        Seen {
            stack = List.copyOf(stack);
        }

        static Seen of(Thread thread, String label) {
            return new Seen(label, thread.getState(), List.of(thread.getStackTrace()));
        }
    }

    private record Group(Thread.State state, List<StackTraceElement> stack) {
    }

    /// Reads all platform threads and the virtual threads of [ThreadRegistry]. Takes some 20 µs for each thread. It may be
    /// called on a platform thread only, so that no carrier waits.
    public static String text() {
        StringBuilder text = new StringBuilder();
        append(text, "platform threads",
                platformThreads().map(thread -> Seen.of(thread, thread.getName() + " #" + thread.threadId())));
        append(text, "virtual threads", ThreadRegistry.running().entrySet().stream()
                .map(each -> Seen.of(each.getKey(), each.getValue() + " #" + each.getKey().threadId())));
        return text.toString();
    }

    private static Stream<Thread> platformThreads() {
        ThreadGroup root = Thread.currentThread().getThreadGroup();
        while (root.getParent() != null) {
            root = root.getParent();
        }
        Thread[] threads = new Thread[2 * root.activeCount() + 16];
        return Stream.of(threads).limit(root.enumerate(threads));
    }

    /// Appends the threads in groups of the same state and stack, the largest group first.
    static void append(StringBuilder text, String title, Stream<Seen> threads) {
        Map<Group, List<String>> groups = new LinkedHashMap<>();
        threads.forEach(each ->
                groups.computeIfAbsent(new Group(each.state(), each.stack()), _ -> new ArrayList<>()).add(each.label()));
        int count = groups.values().stream().mapToInt(List::size).sum();
        text.append(count).append(' ').append(title).append(", ").append(groups.size()).append(" different stacks\n\n");
        groups.entrySet().stream().sorted(Comparator.comparing(each -> -each.getValue().size()))
                .forEach(each -> append(text, each.getKey(), each.getValue()));
    }

    private static void append(StringBuilder text, Group group, List<String> labels) {
        text.append(labels.size()).append(' ').append(group.state()).append(": ")
                .append(String.join(", ", labels.subList(0, Math.min(labels.size(), MOST_NAMED))));
        if (labels.size() > MOST_NAMED) {
            text.append(" and ").append(labels.size() - MOST_NAMED).append(" more");
        }
        text.append('\n');
        for (StackTraceElement frame : group.stack()) {
            text.append("    at ").append(frame).append('\n');
        }
        text.append('\n');
    }
}
