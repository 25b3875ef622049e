package io.selvage.perf.load;

import io.selvage.perf.http.Request;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ScheduleTest {
    @Test
    void thousandPerSecondIsOnePerMillisecond() {
        Schedule schedule = Schedule.constant(1000);
        assertEquals(List.of(0L, 1_000_000L, 2_000_000L), LongStream.range(0, 3).map(schedule::sendAt).boxed().toList());
    }

    @Test
    void roundingErrorIsAtMostOneNanosecond() {
        Schedule schedule = Schedule.constant(3);
        for (long n = 0; n < 1_000_000; n += 999) {
            double exact = n / 3.0 * 1e9;
            assertTrue(Math.abs(schedule.sendAt(n) - exact) <= 1, "request " + n);
        }
    }

    @Test
    void rateMustBePositive() {
        for (double rate : new double[] {0, -1, Double.NaN, 2e9}) {
            assertThrows(IllegalArgumentException.class, () -> Schedule.constant(rate));
        }
    }

    @Test
    void loopsSendEveryRequestOnce() {
        var phase = new Phase("p", new Load.Open(1000), Duration.ofMillis(10));
        var sent = new ArrayList<Long>();
        for (int loop = 0; loop < 3; loop++) {
            Agenda agenda = Agenda.of(phase, loop, 3, 1);
            for (long due = agenda.due(0); due != Agenda.NEVER; due = agenda.due(0)) {
                long n = agenda.take();
                assertEquals(n * 1_000_000, due);
                sent.add(n);
            }
        }
        assertEquals(LongStream.range(0, 10).boxed().toList(), sent.stream().sorted().toList());
    }

    @Test
    void closedLoopIsDueUntilTheEnd() {
        Agenda agenda = Agenda.of(new Phase("p", new Load.Closed(), Duration.ofNanos(100)), 0, 1, 5);
        assertEquals(0, agenda.due(-20), "not before the start");
        assertEquals(99, agenda.due(99));
        assertEquals(Agenda.NEVER, agenda.due(100));
    }

    @Test
    void onceSendsOneRequestPerConnection() {
        Agenda agenda = Agenda.of(new Phase("p", new Load.Once(), Duration.ofNanos(1)), 0, 1, 2);
        agenda.take();
        assertEquals(7, agenda.due(7));
        agenda.take();
        assertEquals(Agenda.NEVER, agenda.due(7));
    }

    @Test
    void mixKeepsWeightsAndOrder() {
        var mix = new Mix(List.of(new Mix.Part(Request.get("/often"), 3), new Mix.Part(Request.get("/seldom"), 1)));
        long seldom = LongStream.range(0, 100_000).filter(n -> mix.pick(n) == 1).count();
        assertTrue(Math.abs(seldom - 25_000) < 500, "1 of 4, was " + seldom);
        assertTrue(IntStream.range(0, 50).map(mix::pick).distinct().count() == 2, "scattered, not in blocks");
    }

    @Test
    void kneeIsFoundFromBelowAndFromAbove() {
        for (double first : new double[] {1, 100, 5_000, 1_000_000}) {
            var search = new KneeSearch(first, 0.02);
            int trials = 0;
            for (var rate = search.next(); rate.isPresent(); rate = search.next(), trials++) {
                search.record(rate.get() <= 3_210);
            }
            assertEquals(3_210, search.knee().orElseThrow(), 3_210 * 0.02);
            assertTrue(trials < 25, trials + " trials");
        }
    }

    @Test
    void serverThatHoldsNoRateHasNoKnee() {
        var search = new KneeSearch(100, 0.05);
        for (var rate = search.next(); rate.isPresent(); rate = search.next()) {
            search.record(false);
        }
        assertTrue(search.knee().isEmpty());
    }
}
