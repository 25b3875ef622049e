package io.selvage.server.effects;

import com.aayushatharva.brotli4j.decoder.BrotliInputStream;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.ssl.OpenSslCertificateCompressionAlgorithm;
import io.netty.handler.ssl.OpenSslCertificateCompressionConfig;
import io.netty.handler.ssl.OpenSslCertificateCompressionConfig.AlgorithmMode;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.InflaterInputStream;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;

/// A client of TLS 1.3 that takes compressed certificates (RFC 8879). It does handshakes, and nothing else.
final class DecompressingClient {
    static final int ZLIB = 1;
    static final int BROTLI = 2;

    private final List<Integer> used = new ArrayList<>();
    private final OpenSslCertificateCompressionConfig config;

    /// @param formats that it offers
    DecompressingClient(int... formats) {
        OpenSslCertificateCompressionConfig.Builder builder = OpenSslCertificateCompressionConfig.newBuilder();
        for (int format : formats) {
            builder.addAlgorithm(new Decompression(format), AlgorithmMode.Decompress);
        }
        config = builder.build();
    }

    /// Does a handshake with the host `a`, whose certificate it verifies.
    ///
    /// @return the format in which the certificate came, nothing for none
    List<Integer> formats(InetSocketAddress address) throws IOException {
        SslContext context = SslContextBuilder.forClient().sslProvider(SslProvider.OPENSSL_REFCNT)
                .trustManager(TlsServing.AUTHORITY.certificate())
                .protocols("TLSv1.3")
                .option(OpenSslContextOption.USE_TASKS, false)
                .option(OpenSslContextOption.CERTIFICATE_COMPRESSION_ALGORITHMS, config)
                .build();
        SSLEngine engine = context.newEngine(UnpooledByteBufAllocator.DEFAULT, "a", address.getPort());
        used.clear();
        try (SocketChannel channel = SocketChannel.open(address)) {
            engine.beginHandshake();
            handshake(engine, channel);
            return List.copyOf(used);
        } finally {
            ReferenceCountUtil.release(engine);
            ReferenceCountUtil.release(context);
        }
    }

    private static void handshake(SSLEngine engine, SocketChannel channel) throws IOException {
        ByteBuffer in = ByteBuffer.allocate(engine.getSession().getPacketBufferSize()).flip();
        ByteBuffer data = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize());
        HandshakeStatus status = engine.getHandshakeStatus();
        while (status == HandshakeStatus.NEED_WRAP || status == HandshakeStatus.NEED_UNWRAP) {
            if (status == HandshakeStatus.NEED_WRAP) {
                send(engine, channel);
            } else if (engine.unwrap(in, data).getStatus() == SSLEngineResult.Status.BUFFER_UNDERFLOW) {
                receive(channel, in);
            }
            status = engine.getHandshakeStatus();
        }
    }

    private static void send(SSLEngine engine, SocketChannel channel) throws IOException {
        ByteBuffer out = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        engine.wrap(ByteBuffer.allocate(0), out);
        out.flip();
        while (out.hasRemaining()) {
            channel.write(out);
        }
    }

    private static void receive(SocketChannel channel, ByteBuffer in) throws IOException {
        in.compact();
        if (channel.read(in) < 0) {
            throw new EOFException("the server ended the handshake");
        }
        in.flip();
    }

    private final class Decompression implements OpenSslCertificateCompressionAlgorithm {
        private final int format;

        Decompression(int format) {
            this.format = format;
        }

        @Override
        public byte[] compress(SSLEngine engine, byte[] message) {
            throw new UnsupportedOperationException();
        }

        @Override
        public byte[] decompress(SSLEngine engine, int length, byte[] compressed) throws IOException {
            used.add(format);
            InputStream bytes = new ByteArrayInputStream(compressed);
            try (InputStream plain = format == ZLIB ? new InflaterInputStream(bytes) : new BrotliInputStream(bytes)) {
                return plain.readAllBytes();
            }
        }

        @Override
        public int algorithmId() {
            return format;
        }
    }
}
