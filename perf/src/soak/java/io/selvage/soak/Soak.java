package io.selvage.soak;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;

/// Runs the packed server under mixed clients, reloads and thread dumps at the same time. Then it checks that descriptors,
/// threads and memory are back at their level, that every answer was correct, and that the server stops with the right exit code.
///
/// The server is a process and a port here. Arguments: the folder of the repository, seconds, and the value of `--io`.
public final class Soak {
    private static final Duration QUIET = Duration.ofSeconds(30);

    private final Path root;
    private final Path folder;
    private final String mode;
    private final long seed = System.nanoTime();

    private Soak(Path root, Path folder, String mode) {
        this.root = root;
        this.folder = folder;
        this.mode = mode;
    }

    public static void main(String[] arguments) throws Exception {
        Path folder = Files.createTempDirectory("soak");
        List<String> wrong;
        try {
            wrong = new Soak(Path.of(arguments[0]).toAbsolutePath(), folder, arguments[2]).run(Integer.parseInt(arguments[1]));
        } finally {
            try (var files = Files.walk(folder)) {
                files.sorted((a, b) -> b.compareTo(a)).forEach(file -> file.toFile().delete());
            }
        }
        wrong.forEach(line -> System.out.println("wrong: " + line));
        System.out.println(wrong.isEmpty() ? "soak passed" : "soak failed");
        System.exit(wrong.isEmpty() ? 0 : 1);
    }

    private List<String> run(int seconds) throws Exception {
        System.out.println("seed " + seed + ", io " + mode + ", " + seconds + " s");
        byte[] big = new byte[3_000_000];
        new Random(seed).nextBytes(big);
        Files.write(folder.resolve("big.bin"), big);
        Files.writeString(folder.resolve("small.txt"), "small and always the same\n");
        try (Peer peer = Peer.start(); ServerProcess server = ServerProcess.start(root, folder, peer.port(), mode)) {
            Tally tally = new Tally();
            load(server, big, tally, Math.max(3, seconds / 5));
            Figures before = server.quietFigures(QUIET);
            System.out.println("before: " + before);
            load(server, big, tally, seconds - seconds / 5);
            Figures after = server.quietFigures(QUIET);
            System.out.println("after:  " + after);
            System.out.println(tally);
            List<String> wrong = new ArrayList<>(tally.wrong());
            wrong.addAll(after.worseThan(before));
            if (!server.stop()) {
                wrong.add("it did not stop with exit code 0");
            }
            wrong.addAll(server.reportedProblems());
            if (tally.countGaveWay() > 0 && !server.hadTooFewPlaces()) {
                wrong.add("connections were closed before an answer, although there was room");
            }
            return wrong;
        }
    }

    private void load(ServerProcess server, byte[] big, Tally tally, int seconds) throws Exception {
        AtomicBoolean enough = new AtomicBoolean();
        List<Thread> threads = new ArrayList<>();
        for (Client.Kind kind : Client.Kind.values()) {
            for (int i = 0; i < 2; i++) {
                Client client = new Client(kind, server.port(), big, tally, new Random(seed + threads.size()));
                threads.add(Thread.ofPlatform().name("client-" + kind).start(() -> {
                    while (!enough.get()) {
                        client.once();
                    }
                }));
            }
        }
        long end = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
        for (int i = 0; System.nanoTime() - end < 0; i++) {
            Thread.sleep(1000);
            if (i % 2 == 0) {
                server.signal("HUP");
            } else {
                server.dumpThreads();
            }
        }
        enough.set(true);
        for (Thread thread : threads) {
            thread.join();
        }
    }
}
