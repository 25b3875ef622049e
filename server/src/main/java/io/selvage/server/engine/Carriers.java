package io.selvage.server.engine;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/// All carriers of the process. They never end, because a thread whose carrier ended could never be woken.
public final class Carriers {
    private final Carrier[] carriers;
    private final AtomicInteger next = new AtomicInteger();

    private Carriers(List<Carrier> carriers) {
        this.carriers = carriers.toArray(Carrier[]::new);
    }

    /// Starts carriers, runs the self-test on one, and starts the watchdog.
    ///
    /// @param warn receives one line when a carrier is stuck or a bug is detected; called on the watchdog's thread
    /// @throws EngineMissing with the reason, if this JVM cannot run virtual threads on carriers
    public static Carriers start(int count, Consumer<String> warn) throws EngineMissing {
        if (!CarrierThreads.missing().isEmpty()) {
            throw new EngineMissing(CarrierThreads.missing());
        }
        try {
            SelfTest.warmUpPollers();
            List<Carrier> started = new ArrayList<>();
            for (int number = 0; number < count; number++) {
                started.add(Carrier.start(number, new NioPoller()));
            }
            SelfTest.run(started.getFirst());
            Watchdog.start(started, warn);
            return new Carriers(started);
        } catch (IOException e) {
            throw new EngineMissing("no selector: " + e.getMessage());
        }
    }

    /// The carrier with the lowest load; a stuck one only if all are stuck. The first of those with equal loads, so that requests
    /// one after the other find the idle connections to peers, which belong to a carrier.
    ///
    /// A connection never moves to another carrier, so this choice is the only balancing.
    public Carrier leastBusy() {
        return leastBusy(0);
    }

    /// As [#leastBusy()], with equal loads served in rotation: for work that no load shows.
    public Carrier leastBusyInTurn() {
        return leastBusy(Math.floorMod(next.getAndIncrement(), carriers.length));
    }

    private Carrier leastBusy(int first) {
        Carrier best = carriers[first];
        long least = best.load();
        for (int i = 1; i < carriers.length; i++) {
            Carrier other = carriers[(first + i) % carriers.length];
            long load = other.load();
            if (load < least) {
                best = other;
                least = load;
            }
        }
        return best;
    }

    /// The carrier with this [Carrier#place].
    public Carrier get(int number) {
        return carriers[number];
    }

    public int count() {
        return carriers.length;
    }

    /// The index of the calling thread's carrier; 0 for a thread that runs on none.
    public int place() {
        return Carrier.currentNumber();
    }

    public CarrierSnapshot snapshot() {
        List<CarrierSnapshot.OfCarrier> snapshots = new ArrayList<>();
        for (Carrier carrier : carriers) {
            snapshots.add(carrier.snapshot());
        }
        return new CarrierSnapshot("carrier", snapshots);
    }
}
