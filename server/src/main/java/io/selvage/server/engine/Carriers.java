package io.selvage.server.engine;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// All carriers of the process. They never end: a thread whose carrier is gone could never be woken.
public final class Carriers {
    private final List<Carrier> carriers;

    private Carriers(List<Carrier> carriers) {
        this.carriers = List.copyOf(carriers);
    }

    /// Starts carriers and tries them out.
    ///
    /// @throws EngineMissing with the reason, where this JVM cannot run threads on them
    public static Carriers start(int count) throws EngineMissing {
        if (!CarrierThreads.missing().isEmpty()) {
            throw new EngineMissing(CarrierThreads.missing());
        }
        try {
            SelfTest.warmUpPollers();
            List<Carrier> started = new ArrayList<>();
            for (int number = 0; number < count; number++) {
                started.add(Carrier.start(number));
            }
            SelfTest.run(started.getFirst());
            return new Carriers(started);
        } catch (IOException e) {
            throw new EngineMissing("no selector: " + e.getMessage());
        }
    }

    /// The one with the fewest connections: balance is made when a connection is accepted, and never after.
    public Carrier leastBusy() {
        return carriers.stream().min(Comparator.comparingInt(Carrier::connections)).orElseThrow();
    }

    public List<Carrier> all() {
        return carriers;
    }
}
