package io.selvage.perf.load;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.ReferenceCountUtil;
import io.selvage.perf.http.AnyCertificate;
import io.selvage.perf.http.Destination;
import io.selvage.perf.input.UserError;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

/// Makes the engines of an event loop's connections, and keeps the buffers that they need while bytes are under way: an idle
/// connection holds none. Uses BoringSSL, because a handshake of the JDK would cost more here than on most servers. Accepts every
/// certificate.
final class TlsClient implements AutoCloseable {
    /// Room for a record of the largest size with what encryption adds.
    private static final int RECORD = 17 << 10;
    private static final int KEPT = 64;
    private static final int SESSIONS = 10_000;

    private final InetSocketAddress server;
    private final boolean resumes;
    private final SslContext context;
    private final ArrayDeque<ByteBuffer> spare = new ArrayDeque<>();

    /// @param resumes whether connections resume the sessions of earlier ones
    /// @throws UserError if BoringSSL cannot be loaded on this machine
    TlsClient(Destination destination, boolean resumes) throws UserError {
        if (!OpenSsl.isAvailable()) {
            throw new UserError("https needs BoringSSL, which cannot be loaded here: " + OpenSsl.unavailabilityCause());
        }
        this.server = (InetSocketAddress) destination.address();
        this.resumes = resumes;
        try {
            this.context = SslContextBuilder.forClient().sslProvider(SslProvider.OPENSSL_REFCNT)
                    .trustManager(new AnyCertificate()).endpointIdentificationAlgorithm("").build();
        } catch (SSLException e) {
            throw new UserError("https: " + e.getMessage());
        }
        if (resumes && context.sessionContext() instanceof OpenSslSessionContext sessions) {
            sessions.setSessionCacheEnabled(true);
            sessions.setSessionCacheSize(SESSIONS);
        }
    }

    /// An engine for one connection.
    SSLEngine engine() {
        // without an address the engine finds no earlier session
        return resumes ? context.newEngine(UnpooledByteBufAllocator.DEFAULT, server.getHostString(), server.getPort())
                : context.newEngine(UnpooledByteBufAllocator.DEFAULT);
    }

    /// Gives an engine's memory back.
    void release(SSLEngine engine) {
        ReferenceCountUtil.release(engine);
    }

    /// An empty buffer.
    ByteBuffer take() {
        ByteBuffer known = spare.poll();
        return known == null ? ByteBuffer.allocateDirect(2 * RECORD) : known;
    }

    void give(ByteBuffer buffer) {
        if (spare.size() < KEPT) {
            spare.push(buffer.clear());
        }
    }

    @Override
    public void close() {
        ReferenceCountUtil.release(context);
    }
}
