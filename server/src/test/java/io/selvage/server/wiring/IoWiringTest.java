package io.selvage.server.wiring;

import io.selvage.server.engine.EngineMissing;
import io.selvage.server.module.IoMode;
import io.selvage.server.module.MainSettings;
import io.selvage.server.module.Modules;
import io.selvage.server.net.Io;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class IoWiringTest {
    private final List<String> warnings = new ArrayList<>();

    @Test
    void carriersAreUsedIfAvailable() throws Exception {
        assertEquals("carrier", started("").name());
        assertEquals("carrier", started("io carrier;").name());
        assertEquals(List.of(), warnings);
    }

    @Test
    void jdkSchedulerIsUsedIfConfigured() throws Exception {
        assertEquals("jdk", started("io jdk;").name());
        assertEquals(List.of(), warnings);
    }

    @Test
    void numberOfCarriersIsWorkerProcesses() throws Exception {
        assertEquals(3, started("worker_processes 3;").places());
        assertEquals(Runtime.getRuntime().availableProcessors(), started("worker_processes auto;").places());
    }

    @Test
    void fallbackToTheJdkSchedulerLogsOneWarning() throws Exception {
        Io io = IoWiring.start(IoMode.AUTO, IoWiringTest::missing, warnings::add);
        assertEquals("jdk", io.name());
        assertEquals(1, warnings.size());
        assertTrue(warnings.getFirst().contains("not today"), warnings.getFirst());
    }

    @Test
    void configuredCarriersHaveNoFallback() {
        assertThrows(EngineMissing.class, () -> IoWiring.start(IoMode.CARRIER, IoWiringTest::missing, warnings::add));
    }

    private static Io missing() throws EngineMissing {
        throw new EngineMissing("not today");
    }

    private Io started(String text) throws Exception {
        MainSettings settings = MainSettings.of(Modules.LANGUAGE.parse("events { } " + text));
        return IoWiring.start(settings.io(), settings, warnings::add);
    }
}
