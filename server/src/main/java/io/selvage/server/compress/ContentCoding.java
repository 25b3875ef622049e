package io.selvage.server.compress;

import io.selvage.server.http.Headers;
import java.util.Locale;

/// The content codings that the server makes (RFC 9110 §8.4.1), the preferred one first: it decides where a client accepts
/// several equally.
public enum ContentCoding {
    ZSTD("zstd", ".zst"),
    BROTLI("br", ".br"),
    GZIP("gzip", ".gz");

    private final String token;
    private final String suffix;

    ContentCoding(String token, String suffix) {
        this.token = token;
        this.suffix = suffix;
    }

    /// As `Accept-Encoding` and `Content-Encoding` name it.
    public String token() {
        return token;
    }

    /// The end of the name of a file that was compressed beforehand.
    public String suffix() {
        return suffix;
    }

    /// The weight that a request gives the coding in `Accept-Encoding`, in thousandths; 0 if the client does not accept it.
    public int weight(Headers request) {
        return AcceptEncoding.weight(request, token);
    }

    /// The beginning of the names of its directives: `gzip`, `brotli`, `zstd`.
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
