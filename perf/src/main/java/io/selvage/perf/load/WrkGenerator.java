package io.selvage.perf.load;

import io.selvage.perf.http.Request;
import io.selvage.perf.input.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;

/// Drives one destination with HTTP/1.1 by the program `wrk`: a closed loop on each connection. Connections are opened for each
/// phase, whose duration is rounded up to whole seconds. Statuses from 400 are errors; lengths of answers are not checked.
/// Response times are those of wrk, from the request to the complete answer, without the time to connect.
public final class WrkGenerator implements LoadGenerator {
    private static final String MARK = "result ";
    private static final int NUMBERS = 8;
    /// Prints the totals, then each response time in microseconds with its number of answers.
    private static final String SCRIPT = """
            done = function(summary, latency, requests)
              local e = summary.errors
              io.write(string.format("result %d %d %d %d %d %d %d %d\\n", summary.requests, summary.duration, summary.bytes,
                e.connect, e.read, e.write, e.status, e.timeout))
              for i = 1, #latency do
                local micros, count = latency(i)
                io.write(string.format("result %d %d\\n", micros, count))
              end
            end
            """;

    /// What wrk may take beside its time, which is in whole seconds: it waits for outstanding answers.
    private static final Duration GRACE = Duration.ofMinutes(1);

    private final Setup setup;
    private final String program;
    private final Path script;
    private final LoadProgram wrk = new LoadProgram();

    /// @param setup the mix must have one request without a body
    /// @throws UserError if `wrk` is not installed
    public WrkGenerator(Setup setup) throws UserError, IOException {
        this(setup, "wrk");
    }

    WrkGenerator(Setup setup, String program) throws UserError, IOException {
        this.setup = setup;
        this.program = program;
        LoadProgram.require(program, "wrk, a package of Debian,");
        script = Files.createTempFile("selvage-wrk-", ".lua");
        Files.writeString(script, SCRIPT);
    }

    @Override
    public Measurement run(Phase phase, Consumer<Interval> each) throws IOException, InterruptedException {
        if (!(phase.load() instanceof Load.Closed)) {
            throw new IllegalArgumentException("wrk runs a closed loop only");
        }
        Instant started = Instant.now();
        String output = wrk.run(command(phase), phase.duration().plus(GRACE)).output();
        List<long[]> results = output.lines().filter(line -> line.startsWith(MARK)).map(WrkGenerator::numbers).toList();
        if (results.isEmpty() || results.getFirst().length != NUMBERS) {
            String cutShort = wrk.isStopped() ? "stopped"
                    : "wrk: " + output.lines().filter(line -> !line.isBlank()).findFirst().orElse("no output");
            return Measurement.ofWhole(phase, new Measurement.Span(started, Duration.ofNanos(1), cutShort), Tally.histogram(),
                    Counts.NONE);
        }
        Histogram response = Tally.histogram();
        results.stream().skip(1).forEach(pair -> response.recordValueWithCount(
                Math.min(TimeUnit.MICROSECONDS.toNanos(pair[0]), response.getHighestTrackableValue()), pair[1]));
        Duration measured = Duration.of(results.getFirst()[1], ChronoUnit.MICROS);
        Counts counts = counts(results.getFirst());
        each.accept(new Interval(phase, started, Duration.ZERO, measured, response, response, counts));
        return Measurement.ofWhole(phase, new Measurement.Span(started, measured, wrk.isStopped() ? "stopped" : ""), response,
                counts);
    }

    private List<String> command(Phase phase) {
        Request request = setup.mix().requests().getFirst();
        long seconds = Math.ceilDiv(phase.duration().toMillis(), TimeUnit.SECONDS.toMillis(1));
        var command = new ArrayList<>(List.of(program, "-t", Integer.toString(setup.loops()), "-c",
                Integer.toString(setup.connections()), "-d", seconds + "s", "--timeout",
                Math.max(1, setup.timeout().toSeconds()) + "s", "-s", script.toString()));
        for (String header : request.headers()) {
            command.addAll(List.of("-H", header));
        }
        if (setup.close()) {
            command.addAll(List.of("-H", "Connection: close"));
        }
        command.add(setup.destination() + request.path());
        return command;
    }

    private static long[] numbers(String line) {
        return List.of(line.substring(MARK.length()).split(" ")).stream().mapToLong(Long::parseLong).toArray();
    }

    /// The totals: requests, microseconds, bytes, and errors by connecting, reading, writing, status and timeout.
    private static Counts counts(long[] totals) {
        Map<LoadProblem, Long> problems = new EnumMap<>(LoadProblem.class);
        problems.put(LoadProblem.REFUSED, totals[3]);
        problems.put(LoadProblem.RESET, totals[4] + totals[5]);
        problems.put(LoadProblem.WRONG_STATUS, totals[6]);
        problems.put(LoadProblem.TIMEOUT, totals[7]);
        problems.values().removeIf(count -> count == 0);
        long answered = totals[0] - totals[6];
        return new Counts(answered, answered, totals[2], problems);
    }

    @Override
    public void stop() {
        wrk.stop();
    }

    @Override
    public void close() throws IOException {
        stop();
        Files.deleteIfExists(script);
    }
}
