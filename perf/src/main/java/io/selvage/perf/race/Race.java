package io.selvage.perf.race;

import io.selvage.perf.http.Destination;
import io.selvage.perf.http.Expectation;
import io.selvage.perf.input.Complaint;
import io.selvage.perf.load.Counts;
import io.selvage.perf.load.Generator;
import io.selvage.perf.load.Load;
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

/// Drives the targets of one scenario in turns. What was measured is there in [#series] and [#conclusions] also when [#run]
/// ends with a complaint. For one thread.
public final class Race {
    /// Runs phases, shows them and keeps their logs.
    public interface Driver {
        /// Runs `phase`; its intervals are logged when `keep`. Cut short when the measuring must end.
        Measurement drive(Generator generator, Phase phase, boolean keep) throws IOException, InterruptedException;
    }

    private record Racer(Target target, Generator generator, Map<String, List<Round>> rounds, Map<String, Double> figures) {
        List<Round> in(String group) {
            return rounds.getOrDefault(group, List.of());
        }
    }

    private static final String SATURATION = "at saturation";
    private static final String PEAK = "peak MB";
    private static final double MEGABYTE = 1e6;

    private final Scenario scenario;
    private final Driver driver;
    private final Path work;
    private final List<Racer> racers = new ArrayList<>();
    private final List<String> groups = new ArrayList<>();

    /// A race that keeps the files it needs in the folder `work`.
    public Race(Scenario scenario, Driver driver, Path work) {
        this.scenario = scenario;
        this.driver = driver;
        this.work = work;
    }

    /// Starts everything, measures everything, and ends everything it started. A complaint when a target cannot be started, gives
    /// another answer than the others, or dies.
    public void run(Map<String, String> places) throws Complaint, IOException, InterruptedException {
        var targets = new ArrayList<Target>();
        try (Peer peer = Peer.start(scenario.peer())) {
            var known = new LinkedHashMap<>(places);
            known.put("files", ServedFiles.write(work.resolve("files"), scenario.files()).toString());
            known.put("peer", "127.0.0.1:" + peer.port());
            for (Scenario.Entrant entrant : scenario.targets()) {
                targets.add(Target.start(entrant, work.resolve(entrant.name()), known));
            }
            Expectation expect = SameAnswer.check(scenario.request(), scenario.timeout(), targets);
            for (Target target : targets) {
                racers.add(new Racer(target, new Generator(setup(target, expect, scenario.connections())), new LinkedHashMap<>(),
                        new LinkedHashMap<>()));
            }
            measure(expect);
        } finally {
            for (Racer racer : racers) {
                racer.generator.close();
            }
            targets.forEach(Target::close);
        }
    }

    /// A line for each target at each load, as far as it was measured.
    public List<Series> series() {
        var series = new ArrayList<Series>();
        for (String group : groups) {
            for (Racer racer : racers) {
                List<Round> rounds = racer.in(group);
                if (!rounds.isEmpty()) {
                    series.add(Round.series(group, racer.target.name(), rounds, racer.figures));
                }
            }
        }
        return series;
    }

    /// What differs, and what does not, for each pair of targets at each load that was measured to its end.
    public List<String> conclusions() {
        var sentences = new ArrayList<String>();
        for (String group : groups) {
            for (int first = 0; first < racers.size(); first++) {
                for (Racer other : racers.subList(first + 1, racers.size())) {
                    sentences.addAll(compare(group, racers.get(first), other));
                }
            }
        }
        return sentences;
    }

    private void measure(Expectation expect) throws Complaint, IOException, InterruptedException {
        for (Racer racer : racers) {
            var warmUp = new Phase("warm-up of " + racer.target.name(), warmUpLoad(), scenario.warmUp());
            mustGoOn(racer, step(racer, warmUp, false));
        }
        if (scenario.idle() > 0) {
            holdIdle(expect);
        }
        if (scenario.saturation()) {
            rounds(SATURATION, new Load.Closed());
            double slowest = racers.stream().mapToDouble(racer -> Round.rate(racer.in(SATURATION))).min().orElse(0);
            for (long percent : scenario.percents()) {
                rounds("at " + percent + " % of the slowest", new Load.Open(Math.max(1, slowest * percent / 100)));
            }
        }
        for (long rate : scenario.rates()) {
            rounds("at " + rate + " per second", new Load.Open(rate));
        }
    }

    private Load warmUpLoad() {
        return scenario.saturation() ? new Load.Closed() : new Load.Open(scenario.rates().getFirst());
    }

    /// Every target once per round, each round beginning with another one.
    private void rounds(String group, Load load) throws Complaint, IOException, InterruptedException {
        groups.add(group);
        for (int round = 0; round < scenario.rounds(); round++) {
            for (int turn = 0; turn < racers.size(); turn++) {
                Racer racer = racers.get((round + turn) % racers.size());
                long before = racer.target.tree().cpuNanos();
                Measurement measured = step(racer, new Phase(group + " " + racer.target.name(), load, scenario.round()), true);
                long cpu = racer.target.tree().cpuNanos() - before;
                racer.rounds.computeIfAbsent(group, name -> new ArrayList<>()).add(new Round(measured, cpu));
                racer.figures.put(PEAK, racer.target.tree().peakBytes() / MEGABYTE);
                mustGoOn(racer, measured);
            }
        }
    }

    private Measurement step(Racer racer, Phase phase, boolean keep) throws Complaint, IOException, InterruptedException {
        racer.target.mustLive();
        return driver.drive(racer.generator, phase, keep);
    }

    private static void mustGoOn(Racer racer, Measurement measured) throws Complaint {
        racer.target.mustLive();
        if (!measured.cutShort().isEmpty()) {
            throw new Complaint(racer.target.name() + ", " + measured.phase().name() + ": " + measured.cutShort());
        }
    }

    /// The memory of so many more connections, each of which has carried one exchange.
    private void holdIdle(Expectation expect) throws Complaint, IOException, InterruptedException {
        for (Racer racer : racers) {
            long before = racer.target.tree().residentBytes();
            try (var idle = new Generator(setup(racer.target, expect, scenario.idle()))) {
                var phase = new Phase("idle connections", new Load.Once(), Duration.ofSeconds(1));
                Counts once = driver.drive(idle, phase, false).counts();
                if (once.answered() < scenario.idle()) {
                    throw new Complaint(racer.target.name() + " answered on " + once.answered() + " of " + scenario.idle()
                            + " connections: " + once.problems());
                }
                double bytes = (double) (racer.target.tree().residentBytes() - before) / scenario.idle();
                racer.figures.put("KB per idle connection", bytes / 1000);
            }
            racer.target.mustLive();
        }
    }

    private Setup setup(Target target, Expectation expect, int connections) throws Complaint {
        Mix mix = Mix.of(scenario.request().withExpect(expect));
        return new Setup(Destination.parse(target.url("/")).destination(), mix, connections, 1, scenario.close(),
                scenario.timeout());
    }

    private List<String> compare(String group, Racer a, Racer b) {
        List<Round> left = a.in(group);
        List<Round> right = b.in(group);
        if (left.size() != scenario.rounds() || right.size() != scenario.rounds()) {
            return List.of();
        }
        String pair = a.target.name() + " to " + b.target.name() + " ";
        String first = group.equals(SATURATION)
                ? "answers/s: " + pair + Bootstrap.ratio(left, right, Round::rate).words()
                : "p99: " + pair + Bootstrap.ratio(left, right, Round::p99).words();
        return List.of(group + ", " + first,
                group + ", CPU per answer: " + pair + Bootstrap.ratio(left, right, Round::cpuPerAnswer).words());
    }
}
