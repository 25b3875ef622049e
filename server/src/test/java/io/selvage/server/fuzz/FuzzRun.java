package io.selvage.server.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/// Runs the fuzzer, Jazzer, in processes of its own, because a process can run it once.
///
/// As a program it looks for faults for a given time in one target after the other, and keeps what it has learnt about them.
/// `perf/fuzz` starts it.
public final class FuzzRun {
    private static final Path ROOT = Path.of(System.getProperty("selvage.root"));
    /// In bytes; enough for everything that the targets check, and short inputs are tried faster.
    private static final int LONGEST_INPUT = 1024;
    private static final String DETECTORS = "com.code_intelligence.jazzer.sanitizers.";

    private FuzzRun() {
    }

    /// The options are `--seconds N` for each target, and names of targets; all of them where there is none.
    public static void main(String[] arguments) throws Exception {
        int seconds = 60;
        List<FuzzTarget> targets = new ArrayList<>();
        for (int i = 0; i < arguments.length; i++) {
            if (arguments[i].equals("--seconds") && i + 1 < arguments.length) {
                seconds = Integer.parseInt(arguments[++i]);
            } else {
                targets.add(target(arguments[i]));
            }
        }
        List<String> faulty = new ArrayList<>();
        for (FuzzTarget target : targets.isEmpty() ? List.of(FuzzTarget.values()) : targets) {
            Path folder = Files.createDirectories(ROOT.resolve("server/target/fuzz").resolve(target.id()));
            System.out.println("== " + target.id() + ", found inputs go to " + folder);
            var run = process(target.type(), target.seedFiles(), folder, List.of(), List.of("-max_total_time=" + seconds));
            if (run.inheritIO().start().waitFor() != 0) {
                faulty.add(target.id());
            }
        }
        System.out.println(faulty.isEmpty() ? "no fault found" : "faults found in " + String.join(", ", faulty));
        System.exit(faulty.isEmpty() ? 0 : 1);
    }

    private static FuzzTarget target(String id) {
        return Arrays.stream(FuzzTarget.values()).filter(target -> target.id().equals(id)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no target \"" + id + "\"; there are "
                        + Arrays.stream(FuzzTarget.values()).map(FuzzTarget::id).collect(Collectors.joining(", "))));
    }

    /// A run of all targets that tries the same inputs each time and soon ends: with 0 where no fault was found. A fault is
    /// printed.
    ///
    /// @param folder an empty one
    static ProcessBuilder brief(Path folder, int inputs) throws IOException {
        Path seeds = Files.createDirectory(folder.resolve("seeds"));
        List<Path> files = new ArrayList<>();
        for (FuzzTarget target : FuzzTarget.values()) {
            for (Path seed : target.seedFiles()) {
                files.add(Files.write(seeds.resolve(target.id() + "-" + seed.getFileName()),
                        AllTargets.input(target, Files.readAllBytes(seed))));
            }
        }
        // The second compiler costs more than it gains in a few seconds.
        return process(AllTargets.class, files, folder, List.of("-XX:TieredStopAtLevel=1"),
                List.of("-seed=1", "-runs=" + inputs)).redirectErrorStream(true);
    }

    /// @param seeds in the order of their names, on which the inputs that are tried depend
    /// @param folder where the inputs are kept that reach new code
    /// @param limits options of libFuzzer that end the run
    private static ProcessBuilder process(Class<?> type, List<Path> seeds, Path folder, List<String> jvm, List<String> limits)
            throws IOException {
        Path corpus = Files.createDirectories(folder.resolve("corpus"));
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + ROOT.resolve("deploy/jvm.options"), "-Xmx512m", "-Dselvage.root=" + ROOT,
                // Jazzer loads its agent into the running JVM, and its instrumentation uses sun.misc.Unsafe.
                "-XX:+EnableDynamicAgentLoading", "--sun-misc-unsafe-memory-access=allow"));
        command.addAll(jvm);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + type.getName(), "--instrumentation_includes=io.selvage.**",
                // Two of Jazzer's detectors of injections are off: a configuration does name expressions and files.
                "--disabled_hooks=" + DETECTORS + "RegexInjection:" + DETECTORS + "FilePathTraversal",
                // The mutations of libFuzzer alone: the targets take bytes, not values of Java types.
                "--mutator_framework=false",
                "--reproducer_path=" + folder, "-artifact_prefix=" + folder + "/", "-max_len=" + LONGEST_INPUT));
        command.addAll(limits);
        command.add("-seed_inputs=" + seeds.stream().map(Path::toString).collect(Collectors.joining(",")));
        command.add(corpus.toString());
        return new ProcessBuilder(command);
    }
}
