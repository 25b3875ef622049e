package io.selvage.perf.race;

import io.selvage.perf.http.Destination;
import io.selvage.perf.http.Expectation;
import io.selvage.perf.input.UserError;
import io.selvage.perf.load.Counts;
import io.selvage.perf.load.Generator;
import io.selvage.perf.load.Load;
import io.selvage.perf.load.LoadGenerator;
import io.selvage.perf.load.Measurement;
import io.selvage.perf.load.Mix;
import io.selvage.perf.load.Phase;
import io.selvage.perf.load.Setup;
import io.selvage.perf.report.Series;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/// Drives the targets of one scenario in turns. [#series] and [#conclusions] return the results so far, also after [#run] has
/// thrown. For one thread.
public final class Race {
    /// Runs phases, shows their progress and keeps their logs.
    public interface Driver {
        /// Runs `phase`; its intervals are logged if `keep`. Ends early if the measurement must end.
        Measurement drive(LoadGenerator generator, Phase phase, boolean keep) throws IOException, InterruptedException;
    }

    private record Racer(RaceTarget target, TestPeer peer, Scenario.Entrant entrant, LoadGenerator generator, List<Double> starts,
                         Map<String, List<Round>> rounds, Map<String, Double> figures) {
        List<Round> in(String group) {
            return rounds.getOrDefault(group, List.of());
        }
    }

    private static final String SATURATION = "at saturation";
    private static final Duration TO_DRAIN = Duration.ofMinutes(1);
    private static final double MEGABYTE = 1e6;
    private static final double MILLISECOND = 1e6;
    private static final double SECOND = 1e9;

    private final Scenario scenario;
    private final Driver driver;
    private final Path work;
    private final Bench bench;
    private final List<Racer> racers = new ArrayList<>();
    private final List<String> groups = new ArrayList<>();

    /// @param work the folder for temporary files
    public Race(Scenario scenario, Bench bench, Driver driver, Path work) {
        this.scenario = scenario;
        this.bench = bench;
        this.driver = driver;
        this.work = work;
    }

    /// Starts all targets, each with an application of its own behind it, measures them, and ends every process that it started.
    ///
    /// @throws UserError if a target cannot be started, gives another answer than the others, or ends
    public void run(Map<String, String> places) throws UserError, IOException, InterruptedException {
        bench.check(scenario);
        var targets = new ArrayList<RaceTarget>();
        var peers = new ArrayList<TestPeer>();
        try {
            List<Map<String, String>> known = known(places, peers);
            List<List<Double>> starts = rehearse(known);
            for (int i = 0; i < starts.size(); i++) {
                targets.add(start(i, known.get(i)));
                starts.get(i).add((double) targets.get(i).startNanos());
            }
            Expectation expect = SameAnswer.check(scenario.work().request(), scenario.work().timeout(), targets);
            for (int i = 0; i < targets.size(); i++) {
                RaceTarget target = targets.get(i);
                racers.add(new Racer(target, peers.get(i), scenario.targets().get(i),
                        bench.generator(setup(target, expect, scenario.work().connections())), starts.get(i),
                        new LinkedHashMap<>(), new LinkedHashMap<>()));
            }
            measure(expect);
        } finally {
            for (Racer racer : racers) {
                racer.generator.close();
            }
            targets.forEach(RaceTarget::close);
            for (TestPeer peer : peers) {
                peer.close();
            }
        }
    }

    /// The values of the placeholders of each target. Starts its application and adds that to `peers`.
    private List<Map<String, String>> known(Map<String, String> places, List<TestPeer> peers)
            throws IOException, InterruptedException {
        var common = new LinkedHashMap<>(places);
        common.put("files", ServedFiles.write(work.resolve("files"), scenario.work().files()).toString());
        if (scenario.work().tls() != Scenario.Tls.NONE) {
            common.putAll(LabCertificate.write(work.resolve("certificate")));
        }
        common.put("workers", bench.pinning().isPresent() ? "1" : "auto");
        var known = new ArrayList<Map<String, String>>();
        for (int i = 0; i < scenario.targets().size(); i++) {
            TestPeer peer = TestPeer.start(scenario.work().peer());
            peers.add(peer);
            var values = new LinkedHashMap<>(common);
            values.put("peer", "127.0.0.1:" + peer.port());
            known.add(values);
        }
        return known;
    }

    /// The versions of the targets that were started.
    public String versions() throws IOException, InterruptedException {
        var versions = new ArrayList<String>();
        for (Racer racer : racers) {
            String version = racer.target.version();
            if (!version.isEmpty()) {
                versions.add(racer.target.name() + ": " + version);
            }
        }
        return String.join("; ", versions);
    }

    /// The results so far: one series for each target at each load.
    public List<Series> series() {
        var series = new ArrayList<Series>();
        for (String group : groups) {
            for (Racer racer : racers) {
                List<Round> rounds = racer.in(group);
                if (!rounds.isEmpty()) {
                    series.add(Round.series(group, racer.target.name(), rounds, racer.figures, bench.pinning().isPresent()));
                }
            }
        }
        return series;
    }

    /// The comparison of each pair of targets at each load that was measured completely.
    public List<String> conclusions() {
        var sentences = new ArrayList<String>();
        if (scenario.starts() >= Scenario.FEWEST_ROUNDS) {
            pairs((a, b) -> sentences.add("start to first answer: " + a.target.name() + " to " + b.target.name() + " "
                    + Bootstrap.ratio(a.starts, b.starts, Race::median).words()));
        }
        for (String group : groups) {
            pairs((a, b) -> sentences.addAll(compare(group, a, b)));
        }
        return sentences;
    }

    private void pairs(BiConsumer<Racer, Racer> each) {
        for (int first = 0; first < racers.size(); first++) {
            for (Racer other : racers.subList(first + 1, racers.size())) {
                each.accept(racers.get(first), other);
            }
        }
    }

    /// All starts but the last, in turns. Returns the nanoseconds to the first answer, a list for each target.
    private List<List<Double>> rehearse(List<Map<String, String>> places) throws UserError, IOException, InterruptedException {
        var starts = new ArrayList<List<Double>>();
        scenario.targets().forEach(entrant -> starts.add(new ArrayList<>()));
        for (int n = 1; n < scenario.starts(); n++) {
            for (int i = 0; i < starts.size(); i++) {
                try (RaceTarget target = start(i, places.get(i))) {
                    starts.get(i).add((double) target.startNanos());
                }
            }
        }
        return starts;
    }

    private RaceTarget start(int number, Map<String, String> places) throws UserError, IOException, InterruptedException {
        Scenario.Entrant written = scenario.targets().get(number);
        Scenario.Entrant entrant = bench.pinning().isEmpty() ? written
                : written.withCommand(bench.pinning().get().onTargetCore(written.command()));
        return RaceTarget.start(entrant, scenario.work(), work.resolve(entrant.name()), places);
    }

    private void measure(Expectation expect) throws UserError, IOException, InterruptedException {
        for (Racer racer : racers) {
            racer.figures.put("start ms", median(racer.starts) / MILLISECOND);
        }
        if (scenario.idle().connections() > 0) {
            holdIdle(expect);
        }
        for (Racer racer : racers) {
            warmUp(racer);
        }
        if (scenario.loads().saturation()) {
            rounds(SATURATION, new Load.Closed());
            double slowest = racers.stream().mapToDouble(racer -> Round.rate(racer.in(SATURATION))).min().orElse(0);
            for (long percent : scenario.loads().percents()) {
                rounds("at " + percent + " % of the slowest", new Load.Open(Math.max(1, slowest * percent / 100)));
            }
        }
        for (long rate : scenario.loads().rates()) {
            rounds("at " + rate + " per second", new Load.Open(rate));
        }
    }

    private void warmUp(Racer racer) throws UserError, IOException, InterruptedException {
        Load load = scenario.loads().saturation() ? new Load.Closed() : new Load.Open(scenario.loads().rates().getFirst());
        var phase = new Phase("warm-up of " + racer.target.name(), load, scenario.pace().warmUp().orElse(WarmUp.STEP));
        var costs = new ArrayList<Double>();
        long nanos = 0;
        do {
            Round step = round(racer, phase, false);
            requireComplete(racer, step.measured());
            costs.add(Round.cpuPerAnswer(List.of(step)));
            nanos += step.nanos();
        } while (scenario.pace().warmUp().isEmpty() && !WarmUp.isOver(costs));
        racer.figures.put("warm-up s", nanos / SECOND);
    }

    /// Every target once per round, each round beginning with another one.
    private void rounds(String group, Load load) throws UserError, IOException, InterruptedException {
        groups.add(group);
        for (int round = 0; round < scenario.pace().rounds(); round++) {
            for (int turn = 0; turn < racers.size(); turn++) {
                Racer racer = racers.get((round + turn) % racers.size());
                Round measured = round(racer, new Phase(group + " " + racer.target.name(), load, scenario.pace().round()), true);
                racer.rounds.computeIfAbsent(group, name -> new ArrayList<>()).add(measured);
                if (group.equals(SATURATION) || !scenario.loads().saturation()) {
                    racer.figures.put("resident MB", racer.target.tree().residentBytes() / MEGABYTE);
                }
                racer.figures.put("peak MB", racer.target.tree().peakBytes() / MEGABYTE);
                requireComplete(racer, measured.measured());
            }
        }
    }

    private Round round(Racer racer, Phase phase, boolean keep) throws UserError, IOException, InterruptedException {
        awaitIdle(racer);
        long start = System.nanoTime();
        long lab = ProcessTree.labNanos();
        long cpu = racer.target.tree().cpuNanos();
        racer.target.mustLive();
        Measurement measured = driver.drive(racer.generator, phase, keep);
        return new Round(measured, racer.target.tree().cpuNanos() - cpu, ProcessTree.labNanos() - lab, System.nanoTime() - start);
    }

    /// Waits for the requests that an earlier phase has left in the queue of the application.
    private static void awaitIdle(Racer racer) throws UserError, InterruptedException {
        if (!racer.peer.awaitIdle(TO_DRAIN)) {
            throw new UserError("the application behind " + racer.target.name() + " is still busy " + TO_DRAIN.toSeconds()
                    + " s after the last request");
        }
    }

    private static void requireComplete(Racer racer, Measurement measured) throws UserError {
        racer.target.mustLive();
        if (!measured.span().cutShort().isEmpty()) {
            throw new UserError(racer.target.name() + ", " + measured.phase().name() + ": " + measured.span().cutShort());
        }
    }

    /// Measures the memory of idle connections, each of which has carried one exchange, and the CPU time while they are idle.
    /// This comes before the warm-up, because a heap that has grown under load has room for them. A tenth of them is opened
    /// before the measurement, to load classes and fill pools. See perf/decisions/0004.
    private void holdIdle(Expectation expect) throws UserError, IOException, InterruptedException {
        Scenario.Idle wanted = scenario.idle();
        for (Racer racer : racers) {
            ProcessTree tree = racer.target.tree();
            exchangeOnce(racer, expect, Math.max(1, wanted.connections() / 10)).close();
            long before = tree.residentBytes();
            try (Generator _ = exchangeOnce(racer, expect, wanted.connections())) {
                racer.target.idle(wanted.time().dividedBy(10));
                double bytes = (double) (tree.residentBytes() - before) / wanted.connections();
                racer.figures.put("KB per idle connection", bytes / 1000);
                long cpu = tree.cpuNanos();
                racer.target.idle(wanted.time());
                racer.figures.put("idle CPU %", 100.0 * (tree.cpuNanos() - cpu) / wanted.time().toNanos());
            }
            racer.target.mustLive();
        }
    }

    /// Opens connections that carry one exchange each and stay open until the generator is closed.
    private Generator exchangeOnce(Racer racer, Expectation expect, int connections)
            throws UserError, IOException, InterruptedException {
        var generator = new Generator(setup(racer.target, expect, connections));
        var phase = new Phase("idle connections", new Load.Once(), Duration.ofSeconds(1));
        Counts once = driver.drive(generator, phase, false).counts();
        if (once.answered() < connections) {
            generator.close();
            throw new UserError(racer.target.name() + " answered on " + once.answered() + " of " + connections
                    + " connections: " + once.problems());
        }
        return generator;
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return (sorted.get((sorted.size() - 1) / 2) + sorted.get(sorted.size() / 2)) / 2;
    }

    private Setup setup(RaceTarget target, Expectation expect, int connections) throws UserError {
        Mix mix = Mix.of(scenario.work().request().withExpect(expect));
        return new Setup(Destination.parse(target.url("/")).destination(), mix, connections, bench.threads(connections),
                scenario.work().streams(), scenario.work().close(),
                scenario.work().tls() == Scenario.Tls.RESUMED, scenario.work().timeout());
    }

    private List<String> compare(String group, Racer a, Racer b) {
        List<Round> left = a.in(group);
        List<Round> right = b.in(group);
        if (left.size() != scenario.pace().rounds() || right.size() != scenario.pace().rounds()) {
            return List.of();
        }
        String pair = a.target.name() + " to " + b.target.name() + " ";
        String first = group.equals(SATURATION)
                ? "answers/s: " + pair + (isResult(left) && isResult(right) ? Bootstrap.ratio(left, right, Round::rate).words()
                        : "no result, because the generator was the limit")
                : "p99: " + pair + Bootstrap.ratio(left, right, Round::p99).words();
        return List.of(group + ", " + first,
                group + ", CPU per answer: " + pair + Bootstrap.ratio(left, right, Round::cpuPerAnswer).words());
    }

    private boolean isResult(List<Round> rounds) {
        return bench.pinning().isEmpty() || !Round.isLimitedByLab(rounds);
    }
}
