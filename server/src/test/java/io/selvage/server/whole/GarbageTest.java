package io.selvage.server.whole;

import com.sun.management.ThreadMXBean;
import io.selvage.server.module.IoMode;
import io.selvage.server.module.MainSettings;
import io.selvage.server.module.Modules;
import io.selvage.server.net.Io;
import io.selvage.server.proxy.Origin;
import io.selvage.server.wiring.IoWiring;
import java.lang.management.ManagementFactory;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertTrue;

/// The bytes that the event loop allocates for one exchange on a kept connection, with metrics. The bounds hold for code that no
/// compiler has improved yet; compiled code allocates less.
class GarbageTest {
    private static final String ANSWER = "HTTP/1.1 200 OK\r\nServer: app\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
            + "Content-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello";
    private static final String REQUEST = "GET /%s HTTP/1.1\r\nHost: example.org\r\nUser-Agent: test\r\nAccept: */*\r\n"
            + "Accept-Encoding: gzip\r\nCookie: a=b\r\n\r\n";
    private static final int WARM_UP = 1000;
    private static final int ROUNDS = 5;
    private static final int ROUND = 200;
    private static final int OF_PROXIED = 4_800;
    private static final int OF_FILE = 2_500;

    @Test
    void exchangesLeaveLittleBehind() throws Exception {
        MainSettings settings = MainSettings.of(Modules.LANGUAGE.parse("worker_processes 1; events { }"));
        Io io = IoWiring.start(IoMode.CARRIER, settings, _ -> { });
        try (Origin origin = Origin.answering(ANSWER); TestServer server = TestServer.nginx(io, """
                access_log off;
                upstream app { server %s; keepalive 4; }
                server {
                    listen 127.0.0.1:0;
                    keepalive_requests 100000;
                    location / {
                        proxy_pass http://app;
                        proxy_http_version 1.1;
                        proxy_set_header Connection "";
                        proxy_set_header X-Real-IP $remote_addr;
                    }
                    location /files { }
                    location = /metrics { prometheus; }
                }
                """.formatted(origin.address()), "html/files/a.txt", "hello")) {
            long proxied = bytesOfExchange(io, server, REQUEST.formatted("a"));
            long file = bytesOfExchange(io, server, REQUEST.formatted("files/a.txt"));
            assertTrue(proxied <= OF_PROXIED && file <= OF_FILE,
                    () -> "bytes: " + proxied + " for a proxied exchange, " + file + " for a file");
        }
    }

    /// The smallest average of some rounds: other work of the event loop is in some of them only.
    private static long bytesOfExchange(Io io, TestServer server, String request) throws Exception {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        CompletableFuture<Long> loop = new CompletableFuture<>();
        io.at(0, () -> loop.complete(Thread.currentThread().threadId()));
        long thread = loop.get();
        try (RawClient client = server.connect()) {
            exchange(client, request, WARM_UP);
            long least = Long.MAX_VALUE;
            for (int i = 0; i < ROUNDS; i++) {
                long before = threads.getThreadAllocatedBytes(thread);
                exchange(client, request, ROUND);
                least = Math.min(least, (threads.getThreadAllocatedBytes(thread) - before) / ROUND);
            }
            return least;
        }
    }

    private static void exchange(RawClient client, String request, int times) throws Exception {
        for (int i = 0; i < times; i++) {
            String answer = client.send(request).readAnswer();
            assertTrue(answer.startsWith("HTTP/1.1 200 ") && answer.endsWith("\r\n\r\nhello"), answer);
        }
    }
}
