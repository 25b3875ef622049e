package io.selvage.perf.race;

import io.selvage.perf.http.Request;
import io.selvage.perf.input.UserError;
import io.selvage.perf.input.YamlFile;
import io.selvage.perf.input.YamlMapping;
import io.selvage.perf.load.MixFile;
import io.selvage.perf.race.Scenario.Entrant;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads a scenario, and `targets.yaml` in the same folder, which says how each target is started. The scenarios in the
/// repository show every key.
public final class ScenarioFile {
    private static final String TARGETS = "targets.yaml";
    private static final long LARGEST_FILE = 1L << 30;

    private ScenarioFile() {
    }

    /// Reads the scenario in `file`.
    ///
    /// @throws UserError with line and column if it is wrong
    public static Scenario read(Path file) throws UserError {
        YamlMapping top = YamlFile.read(file);
        YamlMapping load = section(top, "load");
        YamlMapping request = section(top, "request");
        Request asked = MixFile.request(request);
        if (!asked.body().isEmpty()) {
            throw request.wrong("body", "the test peers accept no request bodies");
        }
        String name = file.getFileName().toString().replaceFirst("\\.yaml$", "");
        var loads = new Loads(load.flag("saturation", false), load.wholes("percent", List.of(), 1),
                load.wholes("rates", List.of(), 1));
        var pace = new Scenario.Pace(number(top, "rounds", 7, Scenario.FEWEST_ROUNDS),
                top.duration("round", Duration.ofMillis(1500)),
                top.has("warm-up") ? Optional.of(top.duration("warm-up", Duration.ZERO)) : Optional.empty());
        var idle = new Scenario.Idle(number(top, "idle", 0, 0), top.duration("idle-for", Duration.ofSeconds(10)));
        var work = new Scenario.Work(asked, number(top, "connections", 64, 1), number(top, "streams", 0, 0),
                top.flag("close", false), tls(top), files(top), peer(top), top.duration("timeout", Duration.ofSeconds(10)));
        var scenario = new Scenario(name, top.text("about").orElse(""), work, idle, number(top, "starts", 1, 1), loads, pace,
                targets(top, file));
        load.done();
        top.done();
        check(top, load, loads);
        if (work.streams() > 0 && (!loads.percents().isEmpty() || !loads.rates().isEmpty() || idle.connections() > 0
                || work.close())) {
            throw top.wrong("streams", "\"streams\" allows \"saturation\" only");
        }
        return scenario;
    }

    private static void check(YamlMapping top, YamlMapping load, Loads loads) throws UserError {
        if (!loads.percents().isEmpty() && !loads.saturation()) {
            throw load.wrong("percent", "\"percent\" refers to the peak, which needs \"saturation: true\"");
        }
        if (!loads.saturation() && loads.rates().isEmpty()) {
            throw top.wrong("load", "\"load\" needs \"saturation: true\" or \"rates\"");
        }
        for (String key : List.of("round", "warm-up", "idle-for", "timeout")) {
            Duration written = top.duration(key, Duration.ofSeconds(1));
            if (written.isZero() || written.toHours() > 1) {
                throw top.wrong(key, "\"" + key + "\" must be above 0 and at most an hour");
            }
        }
    }

    /// A target as `targets.yaml` describes it, without the configuration of the scenario.
    private record Known(List<String> command, List<String> version) {
    }

    private static List<Entrant> targets(YamlMapping top, Path file) throws UserError {
        Map<String, Known> all = known(file.resolveSibling(TARGETS));
        var targets = new ArrayList<Entrant>();
        YamlMapping written = section(top, "targets");
        for (Map.Entry<String, String> each : written.pairs().entrySet()) {
            Known known = all.getOrDefault(each.getKey(), new Known(List.of(), List.of()));
            if (known.command.isEmpty()) {
                throw written.wrong(each.getKey(), "no target \"" + each.getKey() + "\" in " + TARGETS);
            }
            Path config = file.resolveSibling(each.getValue());
            if (!Files.isReadable(config)) {
                throw written.wrong(each.getKey(), "no file \"" + each.getValue() + "\" beside the scenario");
            }
            targets.add(new Entrant(each.getKey(), known.command, known.version, config));
        }
        if (targets.isEmpty()) {
            throw top.wrong("targets", "\"targets\" needs at least one");
        }
        return targets;
    }

    private static Map<String, Known> known(Path file) throws UserError {
        var known = new LinkedHashMap<String, Known>();
        YamlMapping top = YamlFile.read(file);
        for (YamlMapping each : top.mappings("targets")) {
            known.put(each.requiredText("name"), new Known(each.texts("command"), each.texts("version")));
            each.done();
        }
        top.done();
        return known;
    }

    private static Map<String, Long> files(YamlMapping top) throws UserError {
        var sizes = new LinkedHashMap<String, Long>();
        YamlMapping files = top.mapping("files").orElse(YamlFile.parse("", "{}"));
        for (String name : files.pairs().keySet()) {
            if (!name.matches("[A-Za-z0-9._-]+")) {
                throw files.wrong(name, "\"" + name + "\" is not a plain file name");
            }
            long size = files.whole(name, 0, 0);
            if (size > LARGEST_FILE) {
                throw files.wrong(name, "a file is at most " + LARGEST_FILE + " bytes");
            }
            sizes.put(name, size);
        }
        return sizes;
    }

    private static TestPeer.Spec peer(YamlMapping top) throws UserError {
        if (!top.has("peer")) {
            return new TestPeer.Spec.None();
        }
        YamlMapping peer = section(top, "peer");
        String kind = peer.requiredText("kind");
        int length = number(peer, "length", 100, 0);
        TestPeer.Spec spec = switch (kind) {
            case "http" -> new TestPeer.Spec.Fast(false, length);
            case "uwsgi" -> new TestPeer.Spec.Fast(true, length);
            case "sync" -> new TestPeer.Spec.Sync(
                    number(peer, "workers", 4, 1), peer.duration("delay", Duration.ofMillis(20)), length);
            default -> throw peer.wrong("kind", "\"kind\" is http, uwsgi or sync, not \"" + kind + "\"");
        };
        peer.done();
        return spec;
    }

    private static Scenario.Tls tls(YamlMapping top) throws UserError {
        return switch (top.text("tls").orElse("none")) {
            case "none" -> Scenario.Tls.NONE;
            case "full" -> Scenario.Tls.FULL;
            case "resumed" -> Scenario.Tls.RESUMED;
            default -> throw top.wrong("tls", "\"tls\" is none, full or resumed");
        };
    }

    private static YamlMapping section(YamlMapping top, String key) throws UserError {
        var section = top.mapping(key);
        if (section.isEmpty()) {
            throw top.wrong(key, "\"" + key + "\" is missing");
        }
        return section.get();
    }

    private static int number(YamlMapping mapping, String key, int defaultValue, long least) throws UserError {
        return (int) Math.min(mapping.whole(key, defaultValue, least), 100_000_000);
    }
}
