package io.selvage.server.engine;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/// All carriers of the process. They never end: a thread whose carrier is gone could never be woken.
public final class Carriers {
    private final Carrier[] carriers;
    private final AtomicInteger next = new AtomicInteger();

    private Carriers(List<Carrier> carriers) {
        this.carriers = carriers.toArray(Carrier[]::new);
    }

    /// Starts carriers, tries them out, and has them watched.
    ///
    /// @param warn told in one line, by a thread of its own, when one is stuck or something happens that should not
    /// @throws EngineMissing with the reason, where this JVM cannot run threads on them
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

    /// The one with the least to do, and none that is stuck while another is not: balance is made when a connection is accepted,
    /// and never after. Where several have as little, each gets its turn.
    public Carrier leastBusy() {
        int first = Math.floorMod(next.getAndIncrement(), carriers.length);
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

    Carrier get(int number) {
        return carriers[number];
    }

    public int count() {
        return carriers.length;
    }

    /// The place of the calling thread's carrier among these.
    public int place() {
        return Carrier.currentNumber();
    }

    public CarrierSnapshot snapshot() {
        List<CarrierSnapshot.OfCarrier> pictures = new ArrayList<>();
        for (Carrier carrier : carriers) {
            pictures.add(carrier.snapshot());
        }
        return new CarrierSnapshot("carrier", pictures);
    }
}
