package io.selvage.server.tls;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;

/// A whole connection in memory, to see whether an engine works on this machine.
final class SelfTestHandshake {
    private static final int MOST_STEPS = 100;
    private static final ByteBuffer NOTHING = ByteBuffer.allocateDirect(0);

    private final SSLEngine client;
    private final SSLEngine server;
    private final ByteBuffer toServer = ByteBuffer.allocateDirect(TlsBuffers.LARGE).flip();
    private final ByteBuffer toClient = ByteBuffer.allocateDirect(TlsBuffers.LARGE).flip();
    private final ByteBuffer data = ByteBuffer.allocateDirect(TlsBuffers.SMALL);

    private SelfTestHandshake(SSLEngine client, SSLEngine server) {
        this.client = client;
        this.server = server;
    }

    /// @return why the engine does not work; empty if it does
    static Optional<String> run(EngineProvider provider) {
        try {
            CertifiedKey key = SelfSignedCertificate.of(List.of("self.test"), Instant.now(), Duration.ofDays(1)).certifiedKey();
            TlsPolicy policy = TlsPolicy.of(CertificateSource.of(key));
            SSLEngine client = provider.client(ClientSettings.of(TlsClientPolicy.DEFAULT))
                    .engine(TlsTarget.named("self.test"), "self test");
            SelfTestHandshake test = null;
            try {
                ByteBuffer hello = ByteBuffer.allocateDirect(TlsBuffers.LARGE);
                client.beginHandshake();
                client.wrap(NOTHING, hello);
                ClientHello parsed = new ClientHelloParser().advance(hello.flip()).orElseThrow();
                SSLEngine server = provider.server(ServerSettings.of(policy, key)).engine(key, parsed);
                test = new SelfTestHandshake(client, server);
                test.toServer.clear().put(hello).flip();
                return test.exchange();
            } finally {
                provider.free(client);
                if (test != null) {
                    provider.free(test.server);
                }
            }
        } catch (GeneralSecurityException | IOException | RuntimeException e) {
            return Optional.of("its self-test fails: " + FailureText.of(e));
        }
    }

    private Optional<String> exchange() throws IOException {
        server.beginHandshake();
        for (int step = 0; step < MOST_STEPS; step++) {
            read(server, toServer);
            write(server, toClient, NOTHING);
            read(client, toClient);
            write(client, toServer, NOTHING);
            if (!isHandshaking(client) && !isHandshaking(server) && !toServer.hasRemaining()) {
                return sendOneByte();
            }
        }
        return Optional.of("its self-test does not end");
    }

    private Optional<String> sendOneByte() throws IOException {
        data.clear();
        write(server, toClient, ByteBuffer.allocateDirect(1).put((byte) 's').flip());
        read(client, toClient);
        boolean arrived = data.position() == 1 && data.get(0) == 's';
        return arrived ? Optional.empty() : Optional.of("its self-test loses data");
    }

    private static boolean isHandshaking(SSLEngine engine) {
        return engine.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING;
    }

    private void read(SSLEngine engine, ByteBuffer from) throws IOException {
        SSLEngineResult result;
        do {
            result = engine.unwrap(from, data);
            runTasks(engine);
        } while (result.bytesConsumed() > 0);
    }

    private static void write(SSLEngine engine, ByteBuffer to, ByteBuffer from) throws IOException {
        to.compact();
        while (from.hasRemaining() || engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
            if (engine.wrap(from, to).bytesProduced() == 0) {
                break;
            }
            runTasks(engine);
        }
        to.flip();
    }

    private static void runTasks(SSLEngine engine) {
        for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
            task.run();
        }
    }
}
