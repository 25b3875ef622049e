package io.selvage.server.tls;

import com.aayushatharva.brotli4j.decoder.BrotliInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.InflaterInputStream;
import org.junit.jupiter.api.Test;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

class CompressedCertificatesTest {
    private static final byte[] MESSAGE = "-- certificate --".repeat(200).getBytes(US_ASCII);

    private static byte[] decompressed(CompressedCertificates.Format format, byte[] bytes) throws IOException {
        InputStream in = new ByteArrayInputStream(bytes);
        try (InputStream plain = format == CompressedCertificates.Format.ZLIB ? new InflaterInputStream(in)
                : new BrotliInputStream(in)) {
            return plain.readAllBytes();
        }
    }

    @Test
    void brotliIsPreferred() {
        assertEquals(List.of(CompressedCertificates.Format.BROTLI, CompressedCertificates.Format.ZLIB),
                CompressedCertificates.all().stream().map(CompressedCertificates::format).toList());
    }

    @Test
    void aMessageIsCompressedOnce() throws IOException {
        for (CompressedCertificates certificates : CompressedCertificates.all()) {
            byte[] first = certificates.of(MESSAGE);
            assertTrue(first.length < MESSAGE.length / 4, () -> "" + first.length);
            assertArrayEquals(MESSAGE, decompressed(certificates.format(), first));
            assertSame(first, certificates.of(MESSAGE.clone()));
        }
    }

    @Test
    void oldResultsAreForgotten() throws IOException {
        var certificates = new CompressedCertificates(CompressedCertificates.Format.ZLIB);
        byte[] first = certificates.of(MESSAGE);
        var random = new SplittableRandom(1);
        for (int i = 0; i < 100; i++) {
            byte[] other = new byte[100];
            random.nextBytes(other);
            assertArrayEquals(other, decompressed(CompressedCertificates.Format.ZLIB, certificates.of(other)));
        }
        assertNotSame(first, certificates.of(MESSAGE));
    }
}
