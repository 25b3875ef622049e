package io.selvage.deploy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;

/// Hundreds of clients that only take places, more than there are, beside clients that want an answer, which all of these get.
@Timeout(60)
class FloodIT {
    private static final int WAVES = 5;
    private static final int OF_A_KIND = 30;               // in each wave
    private static final String HALF_A_HEAD = "GET / HTTP/1.1\r\nHost: a\r\nX-";
    private static final String HALF_A_BODY = "POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 900\r\n\r\nx";
    private static final String SITE = """
            error_log stderr warn;
            worker_processes 1;
            events {
                worker_connections 64;
            }
            http {
                access_log off;
                client_body_timeout 200ms;
                server {
                    listen 127.0.0.1:%d;
                    location / {
                        return 200 hello;
                    }
                    location /upload {
                        proxy_pass http://127.0.0.1:1;
                    }
                }
            }
            """;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"carrier", "jdk"})
    void honestClientsAreAnsweredBesideHundredsOfOthers(String io) throws Exception {
        int port = SelvageProcess.freePort();
        List<RawHttp> attackers = new ArrayList<>();
        try (var server = SelvageProcess.startOn(io, folder, SITE.formatted(port))) {
            for (int wave = 0; wave < WAVES; wave++) {
                for (int i = 0; i < OF_A_KIND; i++) {
                    for (String text : List.of("", HALF_A_HEAD, HALF_A_BODY)) {
                        attackers.add(attack(port, text));
                    }
                }
                for (int i = 0; i < 4; i++) {
                    assertEquals("hello", RawHttp.get(port, "/").body());
                }
            }
            server.server().awaitLines(1, "64 worker_connections are not enough");
        } finally {
            close(attackers);
        }
    }

    private static RawHttp attack(int port, String text) throws IOException {
        RawHttp attacker = new RawHttp(port);
        try {
            attacker.send(text);
        } catch (IOException _) {
            // It was closed to make room before it has sent anything.
        }
        return attacker;
    }

    private static void close(List<RawHttp> clients) throws IOException {
        for (RawHttp client : clients) {
            client.close();
        }
    }
}
