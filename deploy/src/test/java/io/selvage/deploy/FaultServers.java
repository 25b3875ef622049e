package io.selvage.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;

import static org.junit.jupiter.api.Assertions.assertEquals;

/// One running Selvage with two peers that the test controls. The peers share the locations below `/exact/`.
final class FaultServers {
    private static final String MAIN = """
            worker_processes 2;
            events {
                worker_connections 512;
            }
            http {
                access_log off;
                upstream exact {
                    server %s max_fails=0;
                    server %s max_fails=0;
                    keepalive 8;
                }
                server {
                    listen 127.0.0.1:%d;
                    root .;
                    add_header Upstream "$upstream_addr" always;
                    proxy_http_version 1.1;
                    proxy_set_header Connection "";
                    location /exact/ {
                        proxy_pass http://exact;
                    }
            %s
                }
            %s
            }
            """;

    private final Path prefix;
    private final int port;
    private final FaultyPeer faulty;
    private final FaultyPeer sound;
    private final SelvageProcess selvage;

    private FaultServers(Path prefix, int port, FaultyPeer faulty, FaultyPeer sound, SelvageProcess selvage) {
        this.prefix = prefix;
        this.port = port;
        this.faulty = faulty;
        this.sound = sound;
        this.selvage = selvage;
    }

    /// @param folder    is created
    /// @param io        the value of `--io`
    /// @param locations more of the site
    /// @param others    more of the `http` block
    static FaultServers start(Path folder, String io, String locations, String others) throws IOException, InterruptedException {
        NumberedRequest.writeFiles(folder);
        int port = SelvageProcess.freePort();
        var faulty = new FaultyPeer();
        var sound = new FaultyPeer();
        String configuration = MAIN.formatted(faulty.address(), sound.address(), port, locations, others);
        return new FaultServers(folder, port, faulty, sound, SelvageProcess.startOn(io, folder, configuration));
    }

    Path prefix() {
        return prefix;
    }

    int port() {
        return port;
    }

    SelvageProcess selvage() {
        return selvage;
    }

    /// The peer at which faults happen.
    FaultyPeer faulty() {
        return faulty;
    }

    Executions executions() {
        return Executions.of(List.of(faulty, sound));
    }

    CheckedLoad load(String... locations) {
        return load(CheckedLoad.Connections.KEPT, locations);
    }

    CheckedLoad load(CheckedLoad.Connections connections, String... locations) {
        return new CheckedLoad(port, connections, locations);
    }

    /// The number of lines in the error log so far.
    int logged() {
        return selvage.server().lines().size();
    }

    /// Waits for a line in the error log behind those that were counted before.
    void awaitLogged(int since, String pattern) throws InterruptedException {
        selvage.server().awaitLinesSince(since, 1, pattern);
    }

    /// Ends a load as [CheckedLoad#stopAndCheck] does.
    ///
    /// @param since how many lines the error log had before; the rest is shown with a failure
    void check(CheckedLoad load, int since, Executions executions, Predicate<Outcome> mayFail)
            throws IOException, InterruptedException {
        List<String> problems = load.stopAndCheck(executions, mayFail);
        List<String> log = selvage.server().lines();
        assertEquals(List.of(), problems, () -> String.join("\n", log.subList(since, log.size())));
    }

    /// Replaces a text in the configuration file and sends `HUP`.
    void reload(String text, String replacement) throws IOException, InterruptedException {
        Path file = prefix.resolve("selvage.conf");
        Files.writeString(file, Files.readString(file).replace(text, replacement));
        selvage.server().signal("HUP");
    }

    /// Stops the server, which must end normally and must have logged nothing worse than an error.
    void stop() throws IOException, InterruptedException {
        try (selvage; faulty; sound) {
            selvage.server().signal("TERM");
            assertEquals(0, selvage.server().awaitExit());
            List<String> unexpected = selvage.server().lines().stream()
                    .filter(line -> line.matches(".*(\\[(alert|emerg|crit)]|should not happen).*")).toList();
            assertEquals(List.of(), unexpected);
        }
    }
}
