package io.selvage.perf.load;

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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/// Drives one destination with HTTP/2, by the program `h2load` of nghttp2: a closed loop on each stream. Connections are opened
/// for each phase. Lengths of answers are not checked.
///
/// h2load never ends if its time is over before its connections are there. So a phase takes at least a second, and a process that
/// is overdue is ended.
public final class H2loadGenerator implements LoadGenerator {
    private static final Pattern TOTALS = Pattern.compile(
            "requests: \\d+ total, \\d+ started, \\d+ done, \\d+ succeeded, \\d+ failed, (\\d+) errored, (\\d+) timeout");
    private static final Pattern TRAFFIC = Pattern.compile("traffic: .*\\((\\d+)\\) data");

    private static final Duration SHORTEST = Duration.ofSeconds(1);
    /// What h2load may take beside its time.
    private static final Duration GRACE = Duration.ofSeconds(30);

    private final Setup setup;
    private final String url;
    private final Path log;
    private final LoadProgram program = new LoadProgram();

    /// @param setup the mix must have one request, a GET without fields of its own
    /// @throws UserError if `h2load` is not installed
    public H2loadGenerator(Setup setup) throws UserError, IOException {
        this.setup = setup;
        this.url = setup.destination() + setup.mix().requests().getFirst().path();
        LoadProgram.require("h2load", "HTTP/2 needs h2load, which");
        this.log = Files.createTempFile("selvage-h2load-", ".tsv");
    }

    @Override
    public Measurement run(Phase phase, Consumer<Interval> each) throws IOException, InterruptedException {
        if (!(phase.load() instanceof Load.Closed)) {
            throw new IllegalArgumentException("h2load runs a closed loop only");
        }
        Duration duration = phase.duration().compareTo(SHORTEST) < 0 ? SHORTEST : phase.duration();
        Instant started = Instant.now();
        Files.writeString(log, "");                        // h2load appends
        LoadProgram.Ended ended = program.run(List.of("h2load", "-t", Integer.toString(setup.loops()), "-c",
                Integer.toString(setup.connections()), "-m", Integer.toString(setup.streams()), "--warm-up-time=0", "-D",
                duration.toMillis() + "ms", "--log-file=" + log, url), duration.plus(GRACE));
        Histogram response = Tally.histogram();
        Counts counts = counts(ended.output(), started.plus(duration), response);
        String cutShort = program.isStopped() ? "stopped"
                : ended.code() == 0 && counts.answered() > 0 ? "" : "h2load: " + lastLine(ended.output());
        each.accept(new Interval(phase, started, Duration.ZERO, duration, response, response, counts));
        return Measurement.ofWhole(phase, new Measurement.Span(started, duration, cutShort), response, counts);
    }

    /// Reads the log, which has a line for each answer: its start in microseconds since 1970, its status, and its duration in
    /// microseconds.
    private Counts counts(String output, Instant end, Histogram response) throws IOException {
        long answered = 0;
        long inTime = 0;
        long endMicros = ChronoUnit.MICROS.between(Instant.EPOCH, end);
        Map<LoadProblem, Long> problems = new EnumMap<>(LoadProblem.class);
        try (Stream<String> lines = Files.lines(log)) {
            for (String line : (Iterable<String>) lines::iterator) {
                String[] cells = line.split("\t");
                long micros = Long.parseLong(cells[2]);
                if (setup.mix().requests().getFirst().expect().status(Integer.parseInt(cells[1]))) {
                    answered++;
                    inTime += Long.parseLong(cells[0]) + micros <= endMicros ? 1 : 0;
                    response.recordValue(Math.min(TimeUnit.MICROSECONDS.toNanos(micros), response.getHighestTrackableValue()));
                } else {
                    problems.merge(LoadProblem.WRONG_STATUS, 1L, Long::sum);
                }
            }
        }
        Matcher totals = TOTALS.matcher(output);
        if (totals.find()) {
            problems.merge(LoadProblem.RESET, Long.parseLong(totals.group(1)), Long::sum);
            problems.merge(LoadProblem.TIMEOUT, Long.parseLong(totals.group(2)), Long::sum);
        }
        problems.values().removeIf(count -> count == 0);
        Matcher traffic = TRAFFIC.matcher(output);
        return new Counts(answered, inTime, traffic.find() ? Long.parseLong(traffic.group(1)) : 0, problems);
    }

    private static String lastLine(String output) {
        List<String> lines = new ArrayList<>(output.lines().filter(line -> !line.isBlank()).toList());
        return lines.isEmpty() ? "no output" : lines.getLast().strip();
    }

    @Override
    public void stop() {
        program.stop();
    }

    @Override
    public void close() throws IOException {
        stop();
        Files.deleteIfExists(log);
    }
}
