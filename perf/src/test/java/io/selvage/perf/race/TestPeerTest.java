package io.selvage.perf.race;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class TestPeerTest {
    private static final String ANSWER = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 3\r\n\r\nxxx";

    @Test
    void fastPeerAnswersEveryHeadOnAKeptConnection() throws Exception {
        try (TestPeer peer = TestPeer.start(new TestPeer.Spec.Fast(false, 3)); Socket caller = connect(peer)) {
            send(caller, "GET / HTTP/1.1\r\nHost: a\r\n\r\nGET /again HT");
            assertEquals(ANSWER, read(caller, ANSWER.length()));
            send(caller, "TP/1.1\r\n\r\n");
            assertEquals(ANSWER, read(caller, ANSWER.length()));
        }
    }

    @Test
    void uwsgiPeerAnswersOnceAndCloses() throws Exception {
        try (TestPeer peer = TestPeer.start(new TestPeer.Spec.Fast(true, 3)); Socket caller = connect(peer)) {
            send(caller, "\0\u0004\1");
            send(caller, "\0" + "v".repeat(259));
            send(caller, "v");
            assertEquals(ANSWER, read(caller, 1000));
        }
    }

    @Test
    void syncPeerServesOneConnectionPerWorker() throws Exception {
        try (TestPeer peer = TestPeer.start(new TestPeer.Spec.Sync(1, Duration.ofMillis(1), 3));
             Socket first = connect(peer); Socket second = connect(peer)) {
            send(second, "GET / HTTP/1.1\r\n\r\n");
            send(first, "GET / HTTP/1.1\r\n\r\n");
            assertTrue(read(first, 1000).endsWith("Connection: close\r\nContent-Length: 3\r\n\r\nxxx"));
            assertTrue(read(second, 1000).endsWith("xxx"));
        }
    }

    @Test
    @Timeout(60)
    void syncPeerIsIdleOnceAbandonedRequestsAreServed() throws Exception {
        try (TestPeer peer = TestPeer.start(new TestPeer.Spec.Sync(1, Duration.ofMillis(1), 3)); Socket held = connect(peer)) {
            send(held, "GET / HTTP/1.1\r\n");
            connect(peer).close();
            boolean idle = true;
            while (idle) {                                 // until the worker has taken the first connection
                idle = peer.awaitIdle(Duration.ofMillis(200));
            }
            send(held, "\r\n");
            assertTrue(peer.awaitIdle(Duration.ofSeconds(30)));
        }
    }

    @Test
    void closedPeerRefusesConnections() throws Exception {
        TestPeer peer = TestPeer.start(new TestPeer.Spec.Fast(false, 3));
        try (Socket caller = connect(peer)) {
            send(caller, "GET / HTTP/1.1\r\n\r\n");
            assertEquals(ANSWER, read(caller, ANSWER.length()));
            peer.close();
            assertEquals("", read(caller, 1), "the connection is closed too");
        }
    }

    private static Socket connect(TestPeer peer) throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), peer.port());
    }

    private static void send(Socket caller, String text) throws IOException {
        caller.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String read(Socket caller, int most) throws IOException {
        return new String(caller.getInputStream().readNBytes(most), StandardCharsets.ISO_8859_1);
    }
}
