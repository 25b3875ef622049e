package io.selvage.loadbalancer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Requests that wait for a peer. Each has a name, which is recorded when its thread is woken.
class WaitQueueTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final Policy IN_TURN = new Policy.RoundRobin();

    private final VirtualClock clock = new VirtualClock();
    private final PeerStates states = new PeerStates();
    private final List<String> woken = new ArrayList<>();

    private Upstream upstream(int length, String... servers) {
        UpstreamSpec spec = TestUpstream.spec(IN_TURN, servers).withQueue(new QueueSpec(length, TIMEOUT));
        return new Upstream(spec, states, clock, new SplittableRandom(1));
    }

    private Optional<QueuePlace> wait(String name, Upstream app, Tried tried) {
        return app.enqueue(TestUpstream.NO_KEY, "", tried, () -> woken.add(name), TIMEOUT);
    }

    private QueuePlace wait(String name, Upstream app) {
        return wait(name, app, new Tried()).orElseThrow();
    }

    private static Lease pick(Upstream app) {
        return app.pick(TestUpstream.NO_KEY, new Tried()).orElseThrow();
    }

    /// The peer that the request has; `-` while it waits, `expired` after its time.
    private static String at(QueuePlace place) {
        return switch (place.poll()) {
            case QueuePlace.Turn.Served(Lease lease) -> lease.address();
            case QueuePlace.Turn.Wait _ -> "-";
            case QueuePlace.Turn.Expired() -> "expired";
        };
    }

    @Test
    void placesAreGivenInTheOrderOfArrival() {
        Upstream app = upstream(10, "a max_conns=2");
        Lease one = pick(app);
        Lease two = pick(app);
        QueuePlace first = wait("first", app);
        QueuePlace second = wait("second", app);
        QueuePlace third = wait("third", app);
        assertEquals("- - -", at(first) + " " + at(second) + " " + at(third));

        one.close();
        assertEquals(List.of("first", "second"), woken);   // the second because it is the first now
        assertEquals("a - -", at(first) + " " + at(second) + " " + at(third));
        two.close();
        assertEquals(List.of("first", "second", "second", "third"), woken);
        assertEquals("a -", at(second) + " " + at(third));
    }

    @Test
    void newRequestDoesNotOvertake() {
        Upstream app = upstream(10, "a max_conns=1");
        Lease held = pick(app);
        QueuePlace place = wait("first", app);
        held.close();

        assertTrue(app.pick(TestUpstream.NO_KEY, new Tried()).isEmpty());
        assertEquals("a", at(place));
    }

    @Test
    void placeThatBecameFreeBeforeTheRequestWaitsIsTaken() {
        Upstream app = upstream(10, "a max_conns=1");
        pick(app).close();
        assertEquals("a", at(wait("first", app)));
    }

    @Test
    void queueIsBounded() {
        Upstream app = upstream(2, "a max_conns=1");
        pick(app);
        wait("first", app);
        QueuePlace second = wait("second", app);

        assertTrue(wait("third", app, new Tried()).isEmpty());
        second.leave();
        assertTrue(wait("fourth", app, new Tried()).isPresent());
        assertEquals(new QueueSnapshot.Totals(0, 1, 0, 1), app.queueSnapshot().totals());
    }

    @Test
    void requestThatWaitedForTooLongIsTakenOut() {
        Upstream app = upstream(2, "a max_conns=1");
        Lease held = pick(app);
        QueuePlace first = wait("first", app);
        clock.forward(Duration.ofSeconds(3));
        QueuePlace second = wait("second", app);
        clock.forward(Duration.ofSeconds(2));

        assertEquals("expired", at(first));
        assertEquals(List.of("second"), woken);
        assertEquals("-", at(second));
        held.close();
        assertEquals("a", at(second));
        assertEquals(new QueueSnapshot.Totals(1, 0, 1, 0), app.queueSnapshot().totals());
    }

    @Test
    void requestThatGotAPeerInTheLastMomentHasIt() {
        Upstream app = upstream(2, "a max_conns=1");
        Lease held = pick(app);
        QueuePlace place = wait("first", app);
        clock.forward(TIMEOUT);
        held.close();
        assertEquals("a", at(place));
        assertEquals(new QueueSnapshot.Totals(1, 0, 0, 0), app.queueSnapshot().totals());
    }

    @Test
    void shorterWaitThanThatOfTheQueueIsPossible() {
        Upstream app = upstream(2, "a max_conns=1");
        pick(app);
        QueuePlace place = app.enqueue(TestUpstream.NO_KEY, "", new Tried(), () -> { }, Duration.ofMillis(20)).orElseThrow();
        assertEquals(new QueuePlace.Turn.Wait(20_000_000), place.poll());
        clock.forward(Duration.ofMillis(20));
        assertEquals("expired", at(place));
    }

    @Test
    void requestThatLeavesGivesBackWhatItWasGiven() {
        Upstream app = upstream(10, "a max_conns=1");
        Lease held = pick(app);
        QueuePlace first = wait("first", app);
        QueuePlace second = wait("second", app);
        held.close();
        first.leave();
        first.leave();

        assertEquals("a", at(second));
        assertEquals(1, app.snapshot().getFirst().inFlight());
        assertEquals(new QueueSnapshot.Totals(2, 0, 0, 0), app.queueSnapshot().totals());
    }

    @Test
    void requestThatLeavesIsNotServed() {
        Upstream app = upstream(10, "a max_conns=1");
        Lease held = pick(app);
        wait("first", app).leave();
        QueuePlace second = wait("second", app);
        held.close();

        assertEquals(List.of("second"), woken);
        assertEquals("a", at(second));
    }

    @Test
    void leavingAfterTheEndChangesNothing() {
        Upstream app = upstream(10, "a max_conns=1");
        Lease held = pick(app);
        QueuePlace first = wait("first", app);
        held.close();
        assertEquals("a", at(first));
        first.leave();
        assertEquals(1, app.snapshot().getFirst().inFlight());
        QueuePlace second = wait("second", app);
        clock.forward(TIMEOUT);
        assertEquals("expired", at(second));
        second.leave();
        assertEquals(new QueueSnapshot.Totals(1, 0, 1, 0), app.queueSnapshot().totals());
    }

    @Test
    void peerThatRecoversByTimeIsFoundByTheFirst() {
        Upstream app = upstream(10, "a fail_timeout=1s", "b fail_timeout=1s");
        try (Lease one = pick(app); Lease two = pick(app)) {
            one.failed();
            two.failed();
        }
        QueuePlace first = wait("first", app);
        QueuePlace second = wait("second", app);
        assertEquals(new QueuePlace.Turn.Wait(100_000_000), first.poll());
        assertEquals(new QueuePlace.Turn.Wait(TIMEOUT.toNanos()), second.poll());

        clock.forward(Duration.ofMillis(1001));
        String both = at(first) + at(second);
        assertTrue(both.equals("ab") || both.equals("ba"), both);
    }

    @Test
    void successOnTrialFreesThePeerForThoseThatWait() {
        Upstream app = upstream(10, "a fail_timeout=1s", "b down");
        try (Lease lease = pick(app)) {
            lease.failed();
        }
        clock.forward(Duration.ofMillis(1001));
        Lease trial = pick(app);
        QueuePlace place = wait("first", app);
        assertEquals("-", at(place));
        trial.succeeded();
        assertEquals("a", at(place));
    }

    @Test
    void retriedRequestIsPassedOverForThePeerThatItHasTried() {
        Upstream app = upstream(10, "a max_conns=1 max_fails=0", "b max_conns=1");
        var tried = new Tried();
        Lease failing = app.pick(TestUpstream.NO_KEY, tried).orElseThrow();
        Lease other = pick(app);
        failing.failed();
        QueuePlace retried = wait("retried", app, tried).orElseThrow();
        QueuePlace next = wait("next", app);
        failing.close();
        assertEquals("- a", at(retried) + " " + at(next));
        other.close();
        assertEquals("b", at(retried));
    }

    @Test
    void requestThatHasTriedAllMayNotWait() {
        Upstream app = upstream(10, "a max_conns=1", "b down");
        var tried = new Tried();
        assertTrue(app.mayWait(tried));
        app.pick(TestUpstream.NO_KEY, tried).orElseThrow().close();
        assertFalse(app.mayWait(tried));
        assertFalse(TestUpstream.of(IN_TURN, "a max_conns=1").upstream.mayWait(new Tried()));
    }

    @Test
    void configurationsShareTheQueue() {
        Upstream before = upstream(2, "a max_conns=1");
        Lease held = pick(before);
        QueuePlace first = wait("first", before);
        Upstream after = upstream(2, "a max_conns=1");
        QueuePlace second = wait("second", after);
        assertTrue(wait("third", after, new Tried()).isEmpty());

        held.close();
        assertEquals("a", at(first));
        assertEquals("-", at(second));
        assertEquals(1, after.queueSnapshot().length());
    }

    @Test
    void configurationWithoutQueueDoesNotOvertake() {
        Upstream before = upstream(2, "a max_conns=1 fail_timeout=1s", "b down");
        try (Lease lease = pick(before)) {
            lease.failed();
        }
        QueuePlace first = wait("first", before);
        Upstream after = new Upstream(TestUpstream.spec(IN_TURN, "a max_conns=1 fail_timeout=1s", "b down"), states, clock,
                new SplittableRandom(1));
        clock.forward(Duration.ofMillis(1001));
        assertTrue(after.pick(TestUpstream.NO_KEY, new Tried()).isEmpty());
        assertEquals("a", at(first));
    }

    @Test
    void queueOfAnUpstreamThatIsGoneIsNotForgotten() {
        Upstream app = upstream(2, "a fail_timeout=1s", "b down");
        try (Lease lease = pick(app)) {
            lease.failed();
        }
        QueuePlace place = wait("first", app);
        states.forgetAllBut(List.of());
        assertEquals(1, upstream(2, "a").queueSnapshot().length());
        place.leave();
        states.forgetAllBut(List.of());
        assertEquals(new QueueSnapshot.Totals(0, 0, 0, 0), upstream(2, "a").queueSnapshot().totals());
    }

    @Test
    void newAddressesArePassedToThoseThatWait() {
        Upstream before = upstream(10, "a max_conns=1");
        Lease held = pick(before);
        QueuePlace first = wait("first", before);
        Upstream after = upstream(10, "b max_conns=1");
        after.takeWaiting(before);
        assertEquals("b", at(first));
        assertEquals(after, first.upstream());
        held.close();
    }

    @Test
    void snapshotShowsLengthAndWaits() {
        Upstream app = upstream(10, "a max_conns=1");
        Lease held = pick(app);
        wait("first", app);
        clock.forward(Duration.ofMillis(30));
        held.close();
        wait("second", app);
        clock.forward(Duration.ofMillis(20));
        wait("third", app);
        assertEquals(new QueueSnapshot(2, 10, Duration.ofMillis(20), Duration.ofMillis(30),
                new QueueSnapshot.Totals(1, 0, 0, 0)), app.queueSnapshot());
    }

    @Test
    void boundsAreChecked() {
        assertThrows(IllegalArgumentException.class, () -> new QueueSpec(0, TIMEOUT));
        assertThrows(IllegalArgumentException.class, () -> new QueueSpec(1, Duration.ZERO));
    }
}
