package io.selvage.server.whole;

import io.selvage.server.net.Io;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.junit.jupiter.api.Assertions.assertEquals;

/// Each `error_log` of a location receives the lines of its own level.
@Timeout(60)
class ErrorLogLevelsTest {

    @Test
    void eachErrorLogHasItsOwnLevel() throws IOException {
        try (TestServer server = TestServer.nginx(Io.jdk(), """
                server {
                    listen 127.0.0.1:0;
                    location / { deny all; error_log all.log info; error_log bad.log; error_log worst.log crit; }
                }
                """, "bad.log", "", "worst.log", "")) {
            server.get("/");
            server.stop(Duration.ofSeconds(50));

            assertEquals(List.of("error"), levels(server, "all.log"));
            assertEquals(List.of("error"), levels(server, "bad.log"));
            assertEquals(List.of(), levels(server, "worst.log"));
        }
    }

    private static List<String> levels(TestServer server, String name) throws IOException {
        return server.lines(name).stream().map(line -> line.replaceAll(".*? \\[(\\w+)] .*", "$1")).toList();
    }
}
