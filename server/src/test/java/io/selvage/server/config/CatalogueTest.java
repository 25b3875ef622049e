package io.selvage.server.config;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class CatalogueTest {

    @ParameterizedTest
    @CsvSource({"proxy_buffring, HTTP, proxy_buffering", "lsiten, SERVER, listen", "servername, SERVER, server_name",
        "rooot, SERVER, root", "alow, LOCATION, allow", "upsteam, HTTP, upstream"})
    void theNearestNameIsSuggested(String wrong, Block block, String meant) {
        assertEquals(Optional.of(meant), Catalogue.nearest(wrong, block));
    }

    @ParameterizedTest
    @CsvSource({"frobnicate, HTTP", "x, SERVER", "passing, LOCATION"})
    void nothingIsSuggestedThatIsFarAway(String wrong, Block block) {
        assertEquals(Optional.empty(), Catalogue.nearest(wrong, block));
    }

    @ParameterizedTest
    @CsvSource({"abc, abc, 0", "abc, acb, 1", "abc, ab, 1", "abc, abcd, 1", "abc, xbc, 1", "abc, cba, 2", "'', ab, 2"})
    void aDistanceCountsSlipsOfTheFinger(String from, String to, int distance) {
        assertEquals(distance, Catalogue.distance(from, to));
    }

    @Test
    void noNameStandsTwiceForOneBlock() {
        Set<String> seen = new HashSet<>();
        for (Catalogue.Entry entry : Catalogue.all()) {
            assertFalse(entry.blocks().isEmpty(), entry.name());
            entry.blocks().forEach(block -> assertTrue(seen.add(entry.name() + " in " + block), entry.name() + " in " + block));
        }
    }

    @Test
    void everySettingOfARecordIsInTheTable() {
        Set<String> built = Catalogue.all().stream()
                .filter(entry -> entry.state() == Catalogue.State.BUILT)
                .map(Catalogue.Entry::name)
                .collect(Collectors.toSet());
        Stream.of(Translator.MAIN, Translator.EVENTS, Servers.HEAD, LocationReader.SETTINGS, Upstreams.IDLE)
                .flatMap(settings -> settings.names().stream())
                .forEach(name -> assertTrue(built.contains(name), name));
    }

    @Test
    void whatMeansNothingHereIsAcceptedInSilence() throws ConfigProblems {
        assertEquals(Configs.parse("events { } http { server { } }"), Configs.parse("""
                worker_rlimit_nofile 65535;
                load_module modules/some.so;
                events { use epoll; multi_accept on; }
                http { types_hash_max_size 2048; server { aio threads; msie_padding off; } }
                """));
    }
}
