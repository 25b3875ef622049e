package io.selvage.loadbalancer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// The events of one run of a [Simulation], in windows of equal length by the time of arrival.
final class Tally {
    private final Duration windowLength;
    private final List<Window> windows = new ArrayList<>();
    private final Map<String, Integer> mostInFlight = new LinkedHashMap<>();

    private static final class Window {
        final Map<String, Integer> attempts = new LinkedHashMap<>();
        final Map<String, Integer> failures = new LinkedHashMap<>();
        final List<Duration> answered = new ArrayList<>();
        int erred;
        int unanswered;
    }

    Tally(Duration windowLength, Duration length) {
        this.windowLength = windowLength;
        for (long i = length.dividedBy(windowLength); i > 0; i--) {
            windows.add(new Window());
        }
    }

    void attempted(Duration arrival, UpstreamSnapshot peer) {
        windowOf(arrival).attempts.merge(peer.address(), 1, Integer::sum);
        mostInFlight.merge(peer.address(), peer.inFlight(), Math::max);
    }

    void failed(Duration arrival, String address) {
        windowOf(arrival).failures.merge(address, 1, Integer::sum);
    }

    void answered(Duration arrival, Duration latency) {
        windowOf(arrival).answered.add(latency);
    }

    void erred(Duration arrival) {
        windowOf(arrival).erred++;
    }

    void unanswered(Duration arrival) {
        windowOf(arrival).unanswered++;
    }

    /// The attempts at a peer in a window.
    int attempts(int window, String address) {
        return windows.get(window).attempts.getOrDefault(address, 0);
    }

    int failures(int window, String address) {
        return windows.get(window).failures.getOrDefault(address, 0);
    }

    /// The requests that got an error from a peer.
    int erred(int window) {
        return windows.get(window).erred;
    }

    int unanswered(int window) {
        return windows.get(window).unanswered;
    }

    int mostInFlight(String address) {
        return mostInFlight.getOrDefault(address, 0);
    }

    /// A table with a column for each window.
    String table(List<String> addresses) {
        long seconds = windowLength.toSeconds();
        var table = new StringBuilder(row("seconds", i -> i * seconds + "-" + (i + 1) * seconds));
        table.append("|:---------------|").append("--------:|".repeat(windows.size())).append('\n');
        for (String address : addresses) {
            table.append(row("tries on " + address, i -> Integer.toString(attempts(i, address))));
        }
        for (String address : addresses) {
            if (windows.stream().anyMatch(window -> window.failures.containsKey(address))) {
                table.append(row("failed on " + address, i -> Integer.toString(failures(i, address))));
            }
        }
        table.append(row("answered", i -> Integer.toString(windows.get(i).answered.size())));
        if (windows.stream().anyMatch(window -> window.erred > 0)) {
            table.append(row("got an error", i -> Integer.toString(erred(i))));
        }
        table.append(row("no peer", i -> Integer.toString(unanswered(i))));
        table.append(row("median ms", i -> percentile(windows.get(i).answered, 0.50)));
        table.append(row("99 % ms", i -> percentile(windows.get(i).answered, 0.99)));
        String most = addresses.stream().map(a -> a + " " + mostInFlight(a)).collect(Collectors.joining(", "));
        return table + "\nMost in flight: " + most + "\n";
    }

    private String row(String title, IntFunction<String> cell) {
        return IntStream.range(0, windows.size()).mapToObj(cell).map("%8s"::formatted)
                .collect(Collectors.joining(" |", "| %-15s|".formatted(title), " |\n"));
    }

    private static String percentile(List<Duration> latencies, double share) {
        if (latencies.isEmpty()) {
            return "-";
        }
        int rank = (int) Math.ceil(share * latencies.size());
        return Long.toString(latencies.stream().sorted().skip(rank - 1).findFirst().orElseThrow().toMillis());
    }

    private Window windowOf(Duration arrival) {
        return windows.get((int) arrival.dividedBy(windowLength));
    }
}
