package io.selvage.server.config;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;

class CatalogueTest {
    private static final Catalogue CATALOGUE = new Catalogue(List.of(entry("proxy_buffering", "http"),
            entry("proxy_buffers", "http"), entry("listen", "server"),
            entry("server_name", "server"), entry("root", "server"), entry("allow", "location"),
            entry("alias", "location"), entry("upstream", "http")));

    private static Entry entry(String name, String context) {
        return Entry.built(name, Set.of(new Context(context)), Shape.of(1, 1), "", Entry.About.of(""));
    }

    @ParameterizedTest
    @CsvSource({"proxy_buffring, http, proxy_buffering", "lsiten, server, listen", "servername, server, server_name",
        "rooot, server, root", "alow, location, allow", "upsteam, http, upstream"})
    void nearestNameIsSuggested(String wrong, String context, String meant) {
        assertEquals(Optional.of(meant), CATALOGUE.nearest(wrong, new Context(context)));
    }

    @ParameterizedTest
    @CsvSource({"frobnicate, http", "x, server", "passing, location"})
    void distantNamesAreNotSuggested(String wrong, String context) {
        assertEquals(Optional.empty(), CATALOGUE.nearest(wrong, new Context(context)));
    }

    @ParameterizedTest
    @CsvSource({"abc, abc, 0", "abc, acb, 1", "abc, ab, 1", "abc, abcd, 1", "abc, xbc, 1", "abc, cba, 2", "'', ab, 2"})
    void distanceCountsTypingErrors(String from, String to, int distance) {
        assertEquals(distance, Catalogue.distance(from, to));
    }
}
