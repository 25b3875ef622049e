package io.selvage.server.http1;

import io.selvage.server.http.Headers;
import io.selvage.server.http.Version;
import java.util.Set;

/// Decides whether a connection persists after a message, from the message's version and fields (RFC 9112 §9.3).
final class Persistence {

    private Persistence() {
    }

    static boolean of(Version version, Headers headers) {
        int at = headers.indexOf("Connection", 0);
        if (at < 0) {
            return version == Version.HTTP_1_1;
        }
        if (headers.hasValue(at, "keep-alive") && headers.indexOf("Connection", at + 1) < 0) {
            return true;
        }
        Set<String> options = headers.tokens("Connection");
        return !options.contains("close") && (version == Version.HTTP_1_1 || options.contains("keep-alive"));
    }
}
