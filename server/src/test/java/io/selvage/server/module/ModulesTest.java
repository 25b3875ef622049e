package io.selvage.server.module;

import io.selvage.server.config.ConfigProblems;
import io.selvage.server.config.Entry;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ModulesTest {

    @Test
    void namesAreUniqueForEachContext() {
        Set<String> seen = new HashSet<>();
        for (Entry entry : Modules.catalogue().all()) {
            assertFalse(entry.contexts().isEmpty(), entry.name());
            entry.contexts().forEach(context ->
                    assertTrue(seen.add(entry.name() + " in " + context), entry.name() + " in " + context));
        }
    }

    @Test
    void meaninglessDirectivesAreAcceptedSilently() throws ConfigProblems {
        assertEquals(Modules.LANGUAGE.parse("events { } http { server { } }"), Modules.LANGUAGE.parse("""
                worker_rlimit_nofile 65535;
                events { use epoll; multi_accept on; }
                http { types_hash_max_size 2048; server { aio threads; msie_padding off; } }
                """));
    }
}
