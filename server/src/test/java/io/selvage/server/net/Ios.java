package io.selvage.server.net;

import io.selvage.server.engine.Carriers;
import io.selvage.server.engine.EngineMissing;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;

/// Both ways to run connections, for tests that must pass in either. The carriers are shared by the tests of one JVM, as they
/// never end.
public final class Ios {
    private static final Io CARRIERS = carriers();

    private Ios() {
    }

    private static Io carriers() {
        try {
            return Io.carriers(Carriers.start(2, System.err::println));
        } catch (EngineMissing e) {
            throw new IllegalStateException(e);
        }
    }

    /// The way that is usual: event loops of our own.
    public static Io usual() {
        return CARRIERS;
    }

    public static Stream<Named<Io>> all() {
        return Stream.of(Named.of("jdk", Io.jdk()), Named.of("carrier", CARRIERS));
    }
}
