package io.selvage.server.tls;

import java.security.GeneralSecurityException;
import java.util.Optional;

/// The engines of this process. Each is made once, when it is first wanted, so a server without TLS pays for none.
public final class TlsEngines {
    private TlsEngines() {
    }

    /// The engine that a choice means here.
    ///
    /// @throws IllegalStateException with the reason, if BoringSSL is wanted and does not work here
    public static TlsEngine select(TlsEngineChoice choice) {
        Optional<String> missing = choice == TlsEngineChoice.JDK ? Optional.of("not wanted") : whyNoBoringSsl();
        if (missing.isEmpty()) {
            return BoringSsl.ENGINE;
        }
        if (choice == TlsEngineChoice.BORINGSSL) {
            throw new IllegalStateException("BoringSSL cannot be used: " + missing.get());
        }
        return Jdk.ENGINE;
    }

    /// Why [TlsEngineChoice#AUTO] is the JDK's; empty if it is BoringSSL. Loads its library and runs a self-test, the first time.
    public static Optional<String> whyNoBoringSsl() {
        return BoringSslLibrary.load();
    }

    private static final class BoringSsl {
        private static final TlsEngine ENGINE = new ProvidedEngine(new BoringSslProvider());
    }

    private static final class Jdk {
        private static final TlsEngine ENGINE = make();

        private static TlsEngine make() {
            try {
                return new ProvidedEngine(new JdkProvider());
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("the JDK has no TLS", e);
            }
        }
    }
}
