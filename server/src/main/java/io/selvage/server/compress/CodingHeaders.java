package io.selvage.server.compress;

import io.selvage.server.http.Headers;

/// The fields of responses whose content coding is chosen or changed here.
public final class CodingHeaders {
    private static final String VARY = "Vary";
    private static final String ACCEPT_ENCODING = "Accept-Encoding";

    private CodingHeaders() {
    }

    /// Adds `Vary: Accept-Encoding`, unless the response varies with it anyway. One object, so that reusable fields know it
    /// again.
    public static final Headers.Maker<Headers, RuntimeException> VARYING = CodingHeaders::varying;

    /// Makes the fields of a compressed response.
    ///
    /// @param token the coding
    /// @param vary whether the response gets `Vary: Accept-Encoding`
    public record Compressed(String token, boolean vary) implements Headers.Maker<Headers, RuntimeException> {
        @Override
        public Headers of(Headers plain) {
            Headers fields = otherBytes(plain).with("Content-Encoding", token);
            return vary ? varying(fields) : fields;
        }
    }

    /// The fields of a decompressed response.
    public static Headers decompressed(Headers compressed) {
        return otherBytes(compressed).without("Content-Encoding");
    }

    private static Headers varying(Headers fields) {
        if (fields.tokens(VARY).contains("*") || fields.tokens(VARY).contains("accept-encoding")) {
            return fields;
        }
        Headers varying = fields.with(VARY, ACCEPT_ENCODING);
        return fields.isReusable() ? varying.reusable() : varying;
    }

    /// The fields without those that describe bytes which are not sent. A strong tag becomes a weak one: the content means the
    /// same, but its bytes are others (RFC 9110 §8.8.1).
    private static Headers otherBytes(Headers own) {
        Headers fields = own.without(name -> Headers.same(name, "Content-Length") || Headers.same(name, "Accept-Ranges"));
        int at = fields.indexOf("ETag", 0);
        if (at < 0 || fields.value(at).startsWith("W/")) {
            return fields;
        }
        String tag = fields.value(at);
        return tag.startsWith("\"") ? fields.replacing("ETag", "W/" + tag) : fields.without("ETag");
    }
}
