package io.selvage.server.compress;

import com.aayushatharva.brotli4j.Brotli4jLoader;
import com.aayushatharva.brotli4j.decoder.Decoder;
import com.github.luben.zstd.ZstdInputStream;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/// Decodes what coders make, with other code than theirs. Each `char` is one byte.
public final class Decoding {
    private Decoding() {
    }

    public static String decoded(ContentCoding coding, String bytes) throws IOException {
        if (coding == ContentCoding.BROTLI) {
            Brotli4jLoader.ensureAvailability();
            return new String(Decoder.decompress(bytes.getBytes(ISO_8859_1)).getDecompressedData(), ISO_8859_1);
        }
        try (InputStream in = decoder(coding, new ByteArrayInputStream(bytes.getBytes(ISO_8859_1)))) {
            return new String(in.readAllBytes(), ISO_8859_1);
        }
    }

    /// Decodes what a coder has put out until a flush.
    static String flushed(ContentCoding coding, byte[] bytes) throws IOException {
        String text = new String(bytes, ISO_8859_1);
        return switch (coding) {
            case GZIP, ZSTD -> unended(coding, text);
            case BROTLI -> decoded(coding, text + "\3");    // an empty last block; the decoder gives nothing before the end
        };
    }

    private static String unended(ContentCoding coding, String bytes) throws IOException {
        StringBuilder text = new StringBuilder();
        try (InputStream in = decoder(coding, new ByteArrayInputStream(bytes.getBytes(ISO_8859_1)))) {
            for (int next = in.read(); next >= 0; next = in.read()) {
                text.append((char) next);
            }
        } catch (EOFException _) {
            return text.toString();
        }
        return text.toString();
    }

    private static InputStream decoder(ContentCoding coding, InputStream in) throws IOException {
        return switch (coding) {
            case GZIP -> new GZIPInputStream(in, 1);
            case BROTLI -> throw new IllegalArgumentException("not as a stream");
            case ZSTD -> new ZstdInputStream(in).setContinuous(true);
        };
    }
}
