package io.selvage.deploy;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class UpstreamIT {
    private static final String GROUP = """
            events {
            }
            http {
                upstream application {
                    server %s weight=3;
                    server %s;
                }
                server {
                    listen 127.0.0.1:%d;
                    location / {
                        proxy_pass http://application;
                    }
                }
            }
            """;

    @TempDir
    private Path one;
    @TempDir
    private Path two;
    @TempDir
    private Path prefix;

    @Test
    void peersOverTcpAndUnixSocketsShareByWeight() throws Exception {
        int port = SelvageProcess.freePort();
        try (var tcp = Application.gunicorn(one, "one", "127.0.0.1:0", "sync");
                var unix = Application.gunicorn(two, "two", "unix:" + two.resolve("app.socket"), "sync");
                var _ = SelvageProcess.start(prefix, GROUP.formatted(tcp.address(), unix.address(), port))) {
            Map<String, Integer> shares = new TreeMap<>();
            for (int i = 0; i < 40; i++) {
                shares.merge(Echo.of(RawHttp.get(port, "/")).get("peer"), 1, Integer::sum);
            }
            assertEquals(Map.of("one", 30, "two", 10), shares);
        }
    }

    @Test
    void unresolvableNameDoesNotPreventTheStart() throws Exception {
        int port = SelvageProcess.freePort();
        try (var peer = Application.gunicorn(one, "one", "127.0.0.1:0", "sync");
                var _ = SelvageProcess.start(prefix, GROUP.formatted("no-such-host.invalid", peer.address(), port))) {
            assertEquals("one", Echo.of(RawHttp.get(port, "/")).get("peer"));
        }
    }

    @Test
    void upstreamWithOnlyUnresolvableNamesIsAnswered502() throws Exception {
        int port = SelvageProcess.freePort();
        String group = GROUP.formatted("no-such-host.invalid", "nor-this-one.invalid", port);
        try (var _ = SelvageProcess.start(prefix, group)) {
            int status = RawHttp.get(port, "/").status();
            assertTrue(status == 502 || status == 503, () -> "answered " + status);
        }
    }
}
