package io.selvage.attacks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/// Sends requests that are made to cost a server much, to Selvage and to nginx, and prints the CPU time of each.
///
/// Both have one worker and the same configuration. Each attack is repeated for some seconds without being measured, because the
/// JVM compiles what it runs; then it is repeated for some seconds, and the CPU time of the processes is divided by the number of
/// repetitions. Arguments: the folder of the repository, seconds for each measurement, the value of `--io`, names of attacks or
/// nothing for all of them. The exit code is 1 if an attack costs Selvage more than five times what it costs nginx.
public final class Attacks {
    private static final double MOST = 5;
    /// Below this CPU time of Selvage an attack is none: a small static file takes as much.
    private static final double NOTHING_MICROS = 150;

    private static final int WARM_UPS = 5_000;

    private Attacks() {
    }

    public static void main(String[] arguments) throws Exception {
        Path root = Path.of(arguments[0]).toAbsolutePath();
        Duration time = Duration.ofMillis((long) (1000 * Double.parseDouble(arguments[1])));
        List<String> names = List.of(arguments).subList(3, arguments.length);
        Path folder = Files.createTempDirectory("attacks");
        boolean all = true;
        try (Peer peer = Peer.start(); Target selvage = Target.selvage(root, folder, peer.port(), arguments[2]);
             Target nginx = Target.nginx(folder, peer.port())) {
            for (int i = 0; i < WARM_UPS; i++) {
                Attack.ORDINARY_PROXIED.run(selvage, new Random(i));
            }
            System.out.printf("%-36s %8s %8s %11s %11s %7s%n", "attack", "selvage", "nginx", "selvage µs", "nginx µs", "ratio");
            for (Attack attack : Attack.values()) {
                if (names.isEmpty() || names.contains(attack.toString())) {
                    all &= compare(attack, selvage, nginx, time);
                }
            }
        } finally {
            try (var files = Files.walk(folder)) {
                files.sorted((a, b) -> b.compareTo(a)).forEach(file -> file.toFile().delete());
            }
        }
        System.exit(all ? 0 : 1);
    }

    private static boolean compare(Attack attack, Target selvage, Target nginx, Duration time)
            throws IOException, InterruptedException {
        repeat(attack, selvage, time);
        Cost ours = repeat(attack, selvage, time);
        Cost theirs = repeat(attack, nginx, time);
        double ratio = ours.micros / theirs.micros;
        boolean isMore = ratio > MOST && ours.micros > NOTHING_MICROS;
        System.out.printf(Locale.ROOT, "%-36s %8s %8s %,11.0f %,11.0f %7.2f%s%n", attack, ours.answer, theirs.answer, ours.micros,
                theirs.micros, ratio, isMore ? "  MORE THAN 5" : "");
        return !isMore;
    }

    /// @param answer the status of the last answer, or why there was none
    /// @param micros of CPU time for each repetition
    private record Cost(String answer, double micros) {
    }

    private static Cost repeat(Attack attack, Target target, Duration time) throws IOException, InterruptedException {
        long before = target.cpuMicros();
        long end = System.nanoTime() + time.toNanos();
        var random = new Random(1);
        int count = 0;
        String answer;
        do {
            answer = attack.run(target, random);
            count++;
        } while (System.nanoTime() - end < 0);
        return new Cost(answer, Math.max(1, target.cpuMicros() - before) / (double) count);
    }
}
