package io.selvage.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Three gunicorns with health checks, outlier detection and panic mode, under a load of 200 requests per second: what a healthy
/// peer can answer is answered.
class HealthIT {
    private static final String LOCATIONS = """
            location /app/ {
                proxy_pass http://app;
            }
            location = /probe {
                proxy_pass http://app;
                proxy_set_header Body-Sha256 %s;
                health_check uri=/probe/0/10 interval=200ms timeout=1s match=ten;
            }
            """;
    private static final String UPSTREAM = """
            upstream app {
                outlier_detection latency_factor=3 interval=1s request_volume=10 base_ejection_time=1s;
                panic_mode on;
                server %s fail_timeout=30s slow_start=2s;
                server %s fail_timeout=30s slow_start=2s;
                server %s fail_timeout=30s slow_start=2s;
                keepalive 8;
            }
            match ten {
                status 200;
                header Content-Type = text/plain;
                body ~ ^0;
            }
            """;

    @TempDir
    private static Path folder;
    private static Path record;
    private static Application one;                         // closes every connection after its answer
    private static Application two;                         // keeps connections
    private static Application three;
    private static FaultServers servers;

    @BeforeAll
    static void start() throws Exception {
        record = folder.resolve("record");
        one = started("one", "sync", "127.0.0.1:0");
        two = started("two", "gthread", "127.0.0.1:0");
        three = started("three", "sync", "127.0.0.1:0");
        servers = FaultServers.start(folder.resolve("server"), System.getProperty("selvage.io", "auto"),
                LOCATIONS.formatted(NumberedRequest.sha256(new byte[0])),
                UPSTREAM.formatted(one.address(), two.address(), three.address()));
    }

    private static Application started(String name, String worker, String bind) throws IOException, InterruptedException {
        return Application.recorder(Files.createDirectories(folder.resolve(name)), bind, worker, record);
    }

    @AfterAll
    static void stop() throws Exception {
        try (Application _ = one; Application _ = two; Application _ = three) {
            servers.stop();
        }
    }

    private static Map<Long, Integer> processed() throws IOException {
        try (Stream<String> lines = Files.lines(record)) {
            return lines.collect(Collectors.toMap(Long::parseLong, _ -> 1, Integer::sum));
        }
    }

    private static Predicate<Outcome> by(Application application) {
        return outcome -> outcome.isRight() && outcome.upstream().endsWith(application.address());
    }

    private static void awaitState(int since, Application application, String state) throws InterruptedException {
        servers.awaitLogged(since, "peer " + application.address() + " of upstream \"app\" is " + state + ": ");
    }

    /// 502 for a POST that the peer had when it was killed, and a cut for an answer that was being sent. It is used again as soon
    /// as a probe passes, although `fail_timeout` is long.
    @Test
    void killedPeerComesBack() throws Exception {
        int before = servers.logged();
        try (CheckedLoad load = servers.load("/app/")) {
            load.await(20, by(one));
            one.server().kill();
            long gone = System.nanoTime();
            awaitState(before, one, "unhealthy");
            load.awaitAnswers(50);
            one = started("one", "sync", one.address());
            awaitState(before, one, "up");
            load.await(10, by(one));
            servers.check(load, before, HealthIT::processed, failed -> failed.startedBefore(gone)
                    && (failed.isPostRefusedWith(502) || failed.isCut()));
        }
    }

    /// Nothing fails: the requests that the stalled peer has are answered when it goes on, all others by its neighbours.
    @Test
    void stalledPeerGetsNoMoreRequests() throws Exception {
        int before = servers.logged();
        try (CheckedLoad load = servers.load("/app/")) {
            load.await(20, by(two));
            two.server().signalAll("STOP");
            awaitState(before, two, "unhealthy");
            load.awaitAnswers(100);
            two.server().signalAll("CONT");
            awaitState(before, two, "up");
            load.await(10, by(two));
            servers.check(load, before, HealthIT::processed, _ -> false);
        }
    }

    /// Nothing fails. The latency of the peer, or its probes, take it out.
    @Test
    void slowPeerIsLeftOut() throws Exception {
        int before = servers.logged();
        Path slow = folder.resolve("three/slow");
        try (CheckedLoad load = servers.load("/app/")) {
            load.await(20, by(three));
            Files.createFile(slow);
            awaitState(before, three, "(ejected|unhealthy)");
            load.awaitAnswers(100);
            Files.delete(slow);
            awaitState(before, three, "up");
            load.await(10, by(three));
            servers.check(load, before, HealthIT::processed, _ -> false);
        } finally {
            Files.deleteIfExists(slow);
        }
    }

    /// Requests fail while there is no peer, and no longer: the first peer that is back gets them at once.
    @Test
    void firstPeerThatIsBackAnswersEverything() throws Exception {
        int before = servers.logged();
        try (CheckedLoad load = servers.load("/app/")) {
            load.awaitAnswers(20);
            one.server().kill();
            two.server().kill();
            three.server().kill();
            load.await(20, outcome -> outcome.status() == 502);
            two = started("two", "gthread", two.address());
            long back = System.nanoTime();
            load.await(100, by(two));
            one = started("one", "sync", one.address());
            three = started("three", "sync", three.address());
            load.await(10, by(one));
            load.await(10, by(three));
            servers.check(load, before, HealthIT::processed, failed -> failed.startedBefore(back));
        }
    }
}
