package io.selvage.server.acme;

import io.selvage.server.acme.AcmeFailure.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class RenewalPlanTest {
    private static final Instant START = Instant.parse("2026-11-28T00:00:00Z");
    private static final Duration NINETY_DAYS = Duration.ofDays(90);
    private static final IssuedCertificate CERTIFICATE = TestCertificates.valid(START, NINETY_DAYS);

    private final RenewalPlan plan = new RenewalPlan(new SplittableRandom(7));

    @Test
    void nothingIssuedIsDueAtOnce() {
        assertTrue(plan.isDue(START));
        assertFalse(plan.isAdviceDue(START));
    }

    @RepeatedTest(50)
    void renewsInTheFiftiethBeforeTwoThirdsOfTheLifetime(RepetitionInfo run) {
        RenewalPlan seeded = new RenewalPlan(new SplittableRandom(run.getCurrentRepetition()));
        seeded.issued(CERTIFICATE, START);

        assertBetween(START.plus(Duration.ofDays(60)).minus(NINETY_DAYS.dividedBy(50)), START.plus(Duration.ofDays(60)),
                seeded.due());
    }

    @Test
    void differentServersRenewAtDifferentTimes() {
        var times = new TreeSet<Instant>();
        for (int seed = 0; seed < 10; seed++) {
            RenewalPlan seeded = new RenewalPlan(new SplittableRandom(seed));
            seeded.issued(CERTIFICATE, START);
            times.add(seeded.due());
        }
        assertEquals(10, times.size());
    }

    @RepeatedTest(50)
    void adviceMovesTheRenewalIntoItsWindow(RepetitionInfo run) {
        RenewalPlan seeded = new RenewalPlan(new SplittableRandom(run.getCurrentRepetition()));
        seeded.issued(CERTIFICATE, START);
        seeded.advised(advice(10, 12), START);

        assertBetween(START.plus(Duration.ofDays(10)), START.plus(Duration.ofDays(12)), seeded.due());
    }

    @Test
    void theSameAdviceKeepsTheChosenMoment() {
        plan.issued(CERTIFICATE, START);
        plan.advised(advice(10, 12), START);
        Instant chosen = plan.due();

        plan.advised(advice(10, 12), START.plus(Duration.ofHours(6)));

        assertEquals(chosen, plan.due());
    }

    @Test
    void anEarlierWindowRenewsAtOnce() {
        plan.issued(CERTIFICATE, START);
        plan.advised(advice(10, 12), START);

        plan.advised(advice(-3, -2), START.plus(Duration.ofDays(1)));

        assertTrue(plan.isDue(START.plus(Duration.ofDays(1))));
    }

    @ParameterizedTest
    @CsvSource({"80, 91", "20, 10"})
    void aWindowThatMakesNoSenseIsIgnored(int firstDay, int lastDay) {
        plan.issued(CERTIFICATE, START);
        Instant planned = plan.due();

        plan.advised(advice(firstDay, lastDay), START);

        assertEquals(planned, plan.due());
    }

    @Test
    void aNewCertificateIsNotRenewedInItsFirstHoursWhateverTheAdvice() {
        plan.issued(CERTIFICATE, START);
        plan.advised(advice(-3, -2), START);

        assertEquals(START.plus(Duration.ofHours(6)), plan.due());
    }

    @Test
    void adviceIsAskedForAgainWithinADayAndNotWithinAMinute() {
        plan.issued(CERTIFICATE, START);
        assertTrue(plan.isAdviceDue(START));

        plan.advised(Optional.of(new RenewalAdvice(START, START, START.plus(Duration.ofDays(30)))), START);
        assertFalse(plan.isAdviceDue(START.plus(Duration.ofDays(1)).minusMillis(1)));
        assertTrue(plan.isAdviceDue(START.plus(Duration.ofDays(1))));

        plan.advised(Optional.of(new RenewalAdvice(START, START, START.minusSeconds(5))), START);
        assertFalse(plan.isAdviceDue(START.plusSeconds(59)));
        assertTrue(plan.isAdviceDue(START.plusSeconds(60)));
    }

    @Test
    void aServerWithoutAdviceIsNotAskedAgain() {
        plan.issued(CERTIFICATE, START);
        plan.advised(Optional.empty(), START);

        assertFalse(plan.isAdviceDue(START.plus(NINETY_DAYS)));
    }

    @Test
    void waitsGrowFromHalfAMinuteToAnHourWhileTheServerIsDown() {
        assertEquals(List.of(30L, 60L, 120L, 240L, 480L, 960L, 1920L, 3600L, 3600L), waits(Kind.UNREACHABLE, 9));
    }

    @Test
    void waitsGrowFromTwoMinutesToADayWhenTheServerRefuses() {
        assertEquals(List.of(120L, 360L, 1080L, 3240L, 9720L, 29_160L, 86_400L, 86_400L), waits(Kind.REFUSED, 8));
    }

    @Test
    void aHopelessOrderIsTriedOnceADay() {
        assertEquals(List.of(86_400L, 86_400L), waits(Kind.HOPELESS, 2));
    }

    @Test
    void theTimeThatTheServerNamesIsRespected() {
        Instant named = START.plus(Duration.ofHours(5));
        plan.failed(new AcmeFailure(Kind.RATE_LIMITED, "too many", named, null), START);

        assertBetween(named, named.plusSeconds(10), plan.due());
    }

    @Test
    void aNamedTimeBeforeTheGrownWaitDoesNotShortenIt() {
        plan.failed(new AcmeFailure(Kind.REFUSED, "no", START.plusSeconds(1), null), START);

        assertBetween(START.plusSeconds(120), START.plusSeconds(132), plan.due());
    }

    @Test
    void aSuccessForgetsTheFailures() {
        waits(Kind.REFUSED, 5);
        plan.issued(CERTIFICATE, START);

        assertEquals(List.of(120L), waits(Kind.REFUSED, 1));
    }

    /// The waits after failures in a row, in seconds, without their random tenth.
    private List<Long> waits(Kind kind, int count) {
        List<Long> waits = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            plan.failed(new AcmeFailure(kind, "no"), START);
            long wait = Duration.between(START, plan.due()).toSeconds();
            long base = List.of(30L, 60L, 120L, 240L, 360L, 480L, 960L, 1080L, 1920L, 3240L, 3600L, 9720L, 29_160L,
                    86_400L).stream()
                    .filter(each -> each <= wait && wait <= each + each / 10).findFirst().orElse(wait);
            waits.add(base);
        }
        return waits;
    }

    private static Optional<RenewalAdvice> advice(int firstDay, int lastDay) {
        return Optional.of(new RenewalAdvice(START.plus(Duration.ofDays(firstDay)), START.plus(Duration.ofDays(lastDay)),
                START.plus(Duration.ofHours(6))));
    }

    private static void assertBetween(Instant least, Instant most, Instant value) {
        assertTrue(!value.isBefore(least) && !value.isAfter(most), () -> value + " is not from " + least + " to " + most);
    }
}
