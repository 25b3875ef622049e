package io.selvage.server.observe;

import com.sun.management.GarbageCollectionNotificationInfo;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import javax.management.ListenerNotFoundException;
import javax.management.Notification;
import javax.management.NotificationEmitter;
import javax.management.NotificationListener;
import javax.management.openmbean.CompositeData;
import org.jspecify.annotations.Nullable;

/// The recent pauses of the JVM for garbage collection. Thread-safe.
final class GcPauses implements AutoCloseable {
    /// The maximum number that is remembered.
    private static final int MOST = 1000;

    private final long jvmStartMillis = ManagementFactory.getRuntimeMXBean().getStartTime();
    private final List<NotificationEmitter> sources = new ArrayList<>();
    private final NotificationListener listener = this::heard;
    private final Deque<GcPause> recent = new ArrayDeque<>();      // guarded by itself

    private GcPauses() {
    }

    /// Listens until it is closed.
    static GcPauses listen() {
        GcPauses pauses = new GcPauses();
        for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            // ZGC and Shenandoah have one bean for the pauses, and another one for cycles beside the program.
            if (collector instanceof NotificationEmitter emitter && !collector.getName().endsWith("Cycles")) {
                emitter.addNotificationListener(pauses.listener, null, null);
                pauses.sources.add(emitter);
            }
        }
        return pauses;
    }

    /// Called by a thread of the JVM.
    private void heard(Notification notification, @Nullable Object handback) {
        if (notification.getType().equals(GarbageCollectionNotificationInfo.GARBAGE_COLLECTION_NOTIFICATION)
                && notification.getUserData() instanceof CompositeData data) {
            GarbageCollectionNotificationInfo info = GarbageCollectionNotificationInfo.from(data);
            add(new GcPause(jvmStartMillis + info.getGcInfo().getStartTime(), info.getGcInfo().getDuration(), info.getGcName(),
                    info.getGcCause()));
        }
    }

    private void add(GcPause pause) {
        synchronized (recent) {
            if (recent.size() == MOST) {
                recent.removeFirst();
            }
            recent.addLast(pause);
        }
    }

    /// All that are remembered, oldest first.
    List<GcPause> recent() {
        synchronized (recent) {
            return List.copyOf(recent);
        }
    }

    @Override
    public void close() {
        for (NotificationEmitter source : sources) {
            try {
                source.removeNotificationListener(listener);
            } catch (ListenerNotFoundException _) {
                // It was added above, and is removed once.
            }
        }
    }
}
