package io.selvage.server.http1;

import io.selvage.server.http.Headers;
import io.selvage.server.http.Version;
import java.util.Set;

/// Whether a connection outlives a message, as far as its sender says (RFC 9112 §9.3).
final class Persistence {

    private Persistence() {
    }

    static boolean of(Version version, Headers headers) {
        if (!headers.contains("Connection")) {
            return version == Version.HTTP_1_1;
        }
        Set<String> options = headers.tokens("Connection");
        return !options.contains("close") && (version == Version.HTTP_1_1 || options.contains("keep-alive"));
    }
}
