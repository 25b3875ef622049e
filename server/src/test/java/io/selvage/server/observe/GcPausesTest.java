package io.selvage.server.observe;

import com.sun.management.GarbageCollectionNotificationInfo;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import javax.management.NotificationEmitter;
import javax.management.NotificationListener;
import javax.management.openmbean.CompositeData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

@Timeout(60)
class GcPausesTest {
    private static final String CAUSE = "System.gc()";

    private static List<GcPause> requested(GcPauses pauses) {
        return pauses.recent().stream().filter(pause -> pause.cause().equals(CAUSE)).toList();
    }

    private static List<NotificationEmitter> collectors() {
        return ManagementFactory.getGarbageCollectorMXBeans().stream().map(NotificationEmitter.class::cast).toList();
    }

    /// The JVM reports a pause some time after it: first to the listener that was added first.
    @Test
    void pausesOfTheJvmAreRecorded() throws Exception {
        CountDownLatch reported = new CountDownLatch(1);
        NotificationListener second = (notification, _) -> {
            var info = GarbageCollectionNotificationInfo.from((CompositeData) notification.getUserData());
            if (info.getGcCause().equals(CAUSE)) {
                reported.countDown();
            }
        };
        try (GcPauses pauses = GcPauses.listen()) {
            for (NotificationEmitter each : collectors()) {
                each.addNotificationListener(second, null, null);
            }
            System.gc();
            reported.await();
            GcPause pause = requested(pauses).getLast();
            assertTrue(Math.abs(System.currentTimeMillis() - pause.startedMillis()) < 60_000, pause::toString);
            assertTrue(pause.millis() >= 0 && pause.millis() < 60_000, pause::toString);
            assertFalse(pause.collector().isEmpty());
        } finally {
            for (NotificationEmitter each : collectors()) {
                each.removeNotificationListener(second);
            }
        }
    }
}
