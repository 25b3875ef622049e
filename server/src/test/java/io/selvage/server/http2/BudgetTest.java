package io.selvage.server.http2;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class BudgetTest {
    private static final long SECOND = 1_000_000_000L;

    private static void assertLeft(Budget budget, int count, long nowNanos) {
        for (int i = 0; i < count; i++) {
            assertTrue(budget.use(nowNanos), "use " + i);
        }
        assertFalse(budget.use(nowNanos), "one more");
    }

    @Test
    void itHoldsWhatItBeganWith() {
        assertLeft(new Budget(3, 1, 0), 3, 0);
    }

    @Test
    void timeFillsItUpToItsMost() {
        Budget budget = new Budget(10, 2, 0);
        for (int i = 0; i < 10; i++) {
            assertTrue(budget.use(0));
        }
        assertLeft(budget, 4, 2 * SECOND);
        assertLeft(budget, 10, 1000 * SECOND);
    }

    @Test
    void creditFillsItUpToItsMost() {
        Budget budget = new Budget(3, 1, 0);
        assertTrue(budget.use(0));
        assertTrue(budget.use(0));
        budget.credit(1);
        assertTrue(budget.use(0));
        budget.credit(100);
        assertLeft(budget, 3, 0);
    }

    @Test
    void lessThanTheTimeOfOneEarnsNothing() {
        Budget budget = new Budget(1, 1, 0);
        assertTrue(budget.use(0));
        assertFalse(budget.use(SECOND - 1));
    }
}
