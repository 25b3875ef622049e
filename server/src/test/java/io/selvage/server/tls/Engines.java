package io.selvage.server.tls;

import io.selvage.server.net.Io;
import io.selvage.server.net.Ios;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.provider.Arguments;

/// Both engines, for tests that must pass with either. BoringSSL works wherever the tests run.
public final class Engines {
    private Engines() {
    }

    public static Stream<Named<TlsEngine>> all() {
        return Stream.of(TlsEngineChoice.BORINGSSL, TlsEngineChoice.JDK).map(TlsEngines::select)
                .map(engine -> Named.of(engine.name(), engine));
    }

    /// Every engine with every way to run connections.
    public static Stream<Arguments> withEveryIo() {
        List<Named<Io>> ios = Ios.all().toList();
        return all().flatMap(engine -> ios.stream().map(io -> Arguments.of(engine, io)));
    }
}
