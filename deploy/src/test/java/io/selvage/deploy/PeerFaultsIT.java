package io.selvage.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Peers that are killed, stopped or reset connections, under a load of 200 requests per second.
///
/// A request fails visibly if a peer may have processed it and it must not be processed twice, or if a part of its answer has
/// been sent to the client. Each test says which those are. Every other request gets the right answer.
@ParameterizedClass(name = "io {0}")
@ValueSource(strings = {"carrier", "jdk"})
class PeerFaultsIT {
    private static final String LOCATIONS = """
            location /app/ {
                proxy_pass http://app;
            }
            location /hasty/ {
                proxy_pass http://app;
                proxy_read_timeout 1s;
            }
            """;
    private static final String UPSTREAM = """
            upstream app {
                server %s max_fails=1 fail_timeout=1s;
                server %s max_fails=1 fail_timeout=1s;
                keepalive 8;
            }
            """;

    @Parameter
    @SuppressWarnings("unused")                             // the value goes to `start`
    private String io;

    @TempDir
    private static Path folder;
    private static Path record;
    private static Application sync;                        // closes every connection after its answer
    private static Application threads;                     // keeps connections
    private static FaultServers servers;

    @BeforeParameterizedClassInvocation
    static void start(String io) throws Exception {
        record = folder.resolve("record-" + io);
        sync = startApplication("sync", "127.0.0.1:0");
        threads = startApplication("gthread", "127.0.0.1:0");
        servers = FaultServers.start(folder.resolve(io), io, LOCATIONS,
                UPSTREAM.formatted(sync.address(), threads.address()));
    }

    private static Application startApplication(String worker, String bind) throws IOException, InterruptedException {
        return Application.recorder(Files.createDirectories(folder.resolve(worker)), bind, worker, record);
    }

    @AfterParameterizedClassInvocation
    static void stop() throws Exception {
        try (Application _ = sync; Application _ = threads) {
            servers.stop();
        }
    }

    /// Both applications append to one file.
    private static Map<Long, Integer> processedByApplications() throws IOException {
        try (Stream<String> lines = Files.lines(record)) {
            return lines.collect(Collectors.toMap(Long::parseLong, _ -> 1, Integer::sum));
        }
    }

    /// 502 for a POST that the peer had when it was killed, and a cut for an answer that was being sent.
    @ParameterizedTest
    @ValueSource(strings = {"sync", "gthread"})
    void killedPeer(String worker) throws Exception {
        int before = servers.logged();
        try (CheckedLoad load = servers.load("/app/")) {
            Application killed = worker.equals("sync") ? sync : threads;
            load.await(20, outcome -> outcome.upstream().equals(killed.address()));
            killed.server().kill();
            long gone = System.nanoTime();
            load.awaitAnswers(100);
            servers.awaitLogged(before, "connect\\(\\) failed|refused");
            Application again = startApplication(worker, killed.address());
            if (worker.equals("sync")) {
                sync = again;
            } else {
                threads = again;
            }
            load.await(20, outcome -> outcome.upstream().equals(killed.address()));
            servers.check(load, before, PeerFaultsIT::processedByApplications, failed -> failed.startedBefore(gone)
                    && (failed.isPostRefusedWith(502) || failed.isCut()));
        }
    }

    /// As for a peer: the requests that the worker had.
    @Test
    void killedWorker() throws Exception {
        int before = servers.logged();
        try (CheckedLoad load = servers.load("/app/")) {
            load.await(20, outcome -> outcome.upstream().equals(threads.address()));
            ProcessHandle worker = threads.server().process().children().findFirst().orElseThrow();
            worker.destroyForcibly();
            Running.awaitEnd(worker);
            long gone = System.nanoTime();
            load.await(100, outcome -> outcome.upstream().equals(threads.address()));
            servers.check(load, before, PeerFaultsIT::processedByApplications, failed -> failed.startedBefore(gone)
                    && (failed.isPostRefusedWith(502) || failed.isCut()));
        }
    }

    /// Nothing fails: the peer goes on within `proxy_read_timeout`.
    @Test
    void pausedPeer() throws Exception {
        int before = servers.logged();
        try (CheckedLoad load = servers.load("/app/")) {
            load.awaitAnswers(20);
            sync.server().signalAll("STOP");
            load.await(100, outcome -> outcome.upstream().equals(threads.address()));
            sync.server().signalAll("CONT");
            load.await(20, outcome -> outcome.upstream().equals(sync.address()));
            servers.check(load, before, PeerFaultsIT::processedByApplications, _ -> false);
        }
    }

    /// 504 for a POST that the stopped peer got; after the end of the stop it must not be processed again.
    @Test
    void stoppedPeer() throws Exception {
        int before = servers.logged();
        try (CheckedLoad load = servers.load("/hasty/")) {
            load.awaitAnswers(20);
            sync.server().signalAll("STOP");
            load.await(20, outcome -> !outcome.request().isPost() && outcome.isRight()
                    && outcome.upstream().equals(sync.address() + ", " + threads.address()));
            servers.awaitLogged(before, "upstream timed out \\(110: Connection timed out\\) while reading response header");
            sync.server().signalAll("CONT");
            long continued = System.nanoTime();
            load.await(20, outcome -> outcome.upstream().equals(sync.address()) && outcome.isRight());
            servers.check(load, before, PeerFaultsIT::processedByApplications, failed -> failed.startedBefore(continued)
                    && failed.isPostRefusedWith(504) && failed.upstream().equals(sync.address()));
        }
    }

    /// 502 for a POST that the peer had processed; a GET is sent to the next peer.
    @ParameterizedTest
    @EnumSource(names = {"RESET_BEFORE_ANSWER", "RESET_IN_HEAD", "CLOSE_AT_NEXT_REQUEST", "RESET_AT_NEXT_REQUEST"})
    void connectionEndsBeforeAnswer(FaultyPeer.Fault fault) throws Exception {
        int before = servers.logged();
        FaultyPeer faulty = servers.faulty();
        try (CheckedLoad load = servers.load("/exact/")) {
            load.awaitAnswers(20);
            faulty.start(fault);
            faulty.awaitDisturbed(50);
            faulty.release();
            servers.awaitLogged(before, "upstream prematurely closed connection while reading response header from upstream");
            load.awaitAnswers(50);
            servers.check(load, before, servers.executions(), failed -> failed.isPostRefusedWith(502)
                    && faulty.hasDisturbed(failed));
        }
    }

    /// A cut for each answer that the peer has cut, never a complete answer.
    @Test
    void connectionIsResetInBody() throws Exception {
        int before = servers.logged();
        FaultyPeer faulty = servers.faulty();
        try (CheckedLoad load = servers.load("/exact/")) {
            load.awaitAnswers(20);
            faulty.start(FaultyPeer.Fault.RESET_IN_BODY);
            faulty.awaitDisturbed(50);
            faulty.release();
            servers.awaitLogged(before, "upstream prematurely closed connection while reading upstream");
            load.awaitAnswers(50);
            servers.check(load, before, servers.executions(), failed -> failed.isCut() && faulty.hasDisturbed(failed));
        }
    }

    /// 502 for a POST that crossed with the end of the connection.
    @Test
    void shortKeepAliveOfPeer() throws Exception {
        int before = servers.logged();
        FaultyPeer faulty = servers.faulty();
        try (CheckedLoad load = servers.load("/exact/")) {
            faulty.start(FaultyPeer.Fault.SHORT_KEEP_ALIVE);
            load.awaitAnswers(300);
            faulty.release();
            servers.check(load, before, servers.executions(), failed -> failed.isPostRefusedWith(502)
                    && failed.upstream().equals(faulty.address()));
        }
    }
}
