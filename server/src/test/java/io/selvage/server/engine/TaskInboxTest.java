package io.selvage.server.engine;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

class TaskInboxTest {
    private static final Runnable TASK = () -> { };

    private final TaskInbox inbox = new TaskInbox();

    @Test
    void carrierThatIsAwakeIsNotWoken() {
        assertFalse(inbox.offer(TASK));
        assertEquals(TASK, inbox.poll());
        assertNull(inbox.poll());
    }

    @Test
    void onlyTheFirstSubmitterWakesASleepingCarrier() {
        assertTrue(inbox.fallAsleep());
        assertTrue(inbox.offer(TASK));
        assertFalse(inbox.offer(TASK));
    }

    @Test
    void carrierWithATaskDoesNotFallAsleep() {
        inbox.offer(TASK);
        assertFalse(inbox.fallAsleep());
        inbox.awake();
        assertFalse(inbox.offer(TASK));
        assertEquals(2, inbox.size());
    }
}
