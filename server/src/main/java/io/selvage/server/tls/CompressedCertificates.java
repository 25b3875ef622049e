package io.selvage.server.tls;

import com.aayushatharva.brotli4j.Brotli4jLoader;
import com.aayushatharva.brotli4j.encoder.Encoder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/// Certificates as clients of TLS 1.3 get them that can decompress them (RFC 8879). Each is compressed once for each format, and
/// then kept. Any thread; never waits.
final class CompressedCertificates {
    /// Different certificates, OCSP responses included, for which the result is kept.
    private static final int MOST_KEPT = 64;

    private final Format format;
    private final Map<ByteBuffer, byte[]> kept = new ConcurrentHashMap<>();

    /// How they are compressed.
    enum Format {
        ZLIB(1), BROTLI(2);

        private final int number;

        Format(int number) {
            this.number = number;
        }

        /// The number of the algorithm in RFC 8879 §7.3.
        int number() {
            return number;
        }
    }

    CompressedCertificates(Format format) {
        this.format = format;
    }

    /// One for each format that this machine has, best first. May load a library.
    static List<CompressedCertificates> all() {
        List<CompressedCertificates> all = new ArrayList<>();
        if (Brotli4jLoader.isAvailable()) {
            all.add(new CompressedCertificates(Format.BROTLI));
        }
        all.add(new CompressedCertificates(Format.ZLIB));
        return all;
    }

    Format format() {
        return format;
    }

    /// @param message the Certificate message of a handshake
    /// @return its compressed form, which must not be changed
    byte[] of(byte[] message) throws IOException {
        ByteBuffer key = ByteBuffer.wrap(message);
        byte[] known = kept.get(key);
        if (known != null) {
            return known;
        }
        byte[] made = switch (format) {
            case ZLIB -> deflated(message);
            case BROTLI -> Encoder.compress(message);
        };
        if (kept.size() >= MOST_KEPT) {
            kept.clear();
        }
        kept.put(key, made);
        return made;
    }

    private static byte[] deflated(byte[] message) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var deflater = new Deflater(Deflater.BEST_COMPRESSION); var out = new DeflaterOutputStream(bytes, deflater)) {
            out.write(message);
        }
        return bytes.toByteArray();
    }
}
