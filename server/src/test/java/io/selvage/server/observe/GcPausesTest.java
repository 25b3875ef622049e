package io.selvage.server.observe;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.junit.jupiter.api.Assertions.assertTrue;

@Timeout(60)
class GcPausesTest {
    private static List<GcPause> requested(GcPauses pauses) {
        return pauses.recent().stream().filter(pause -> pause.cause().equals("System.gc()")).toList();
    }

    /// The JVM reports a pause some time after it.
    @Test
    void pausesOfTheJvmAreRecorded() throws InterruptedException {
        try (GcPauses pauses = GcPauses.listen()) {
            long from = System.currentTimeMillis();
            System.gc();
            long to = System.currentTimeMillis();
            while (requested(pauses).isEmpty()) {
                Thread.sleep(Duration.ofMillis(1));
            }
            GcPause pause = requested(pauses).getFirst();
            assertTrue(pause.startedMillis() >= from - 1000 && pause.startedMillis() <= to + 1000, pause::toString);
            assertTrue(pause.millis() <= to - from + 1, pause::toString);
        }
    }
}
