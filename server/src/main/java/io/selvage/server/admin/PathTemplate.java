package io.selvage.server.admin;

import io.helidon.common.uri.UriPath;
import io.helidon.http.PathMatcher;
import io.helidon.http.PathMatchers;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// A path in which some segments stand for values: `/api/upstreams/{name}`. A value is decoded after the path is divided into
/// segments, so it may contain encoded slashes, as the address of a unix socket does. Immutable.
///
/// @param text as OpenAPI writes it
record PathTemplate(String text) implements PathMatcher {

    /// The values of a path, by their names; empty if it is another path.
    ///
    /// @param path as it was sent, without query
    Optional<Map<String, String>> values(String path) {
        String[] wanted = text.split("/", -1);
        String[] got = path.split("/", -1);
        if (wanted.length != got.length) {
            return Optional.empty();
        }
        Map<String, String> values = new LinkedHashMap<>();
        for (int i = 0; i < wanted.length; i++) {
            if (wanted[i].startsWith("{")) {
                values.put(wanted[i].substring(1, wanted[i].length() - 1), decoded(got[i]));
            } else if (!wanted[i].equals(got[i])) {
                return Optional.empty();
            }
        }
        return Optional.of(values);
    }

    /// Helidon has refused paths with invalid escapes.
    private static String decoded(String segment) {
        return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    @Override
    public PathMatchers.MatchResult match(UriPath path) {
        return values(path.rawPath()).isEmpty() ? PathMatchers.MatchResult.notAccepted()
                : new PathMatchers.MatchResult(true, PathMatchers.any().match(path).path());
    }

    /// No template is the beginning of a longer path.
    @Override
    public PathMatchers.PrefixMatchResult prefixMatch(UriPath path) {
        return PathMatchers.PrefixMatchResult.notAccepted();
    }

    @Override
    public Optional<String> matchingElement() {
        return Optional.of(text);
    }
}
