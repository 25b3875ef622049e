package io.selvage.server.tls;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// Names of ciphers and groups as engines want them: those of IANA.
final class EngineNames {
    private EngineNames() {
    }

    /// The cipher suites to enable: those of TLS 1.3 first.
    ///
    /// @param known OpenSSL names
    /// @param tls13 what is enabled of TLS 1.3 unless some are named
    static List<String> ciphers(TlsParameters offered, Set<String> known, List<String> tls13) {
        List<String> chosen = new ArrayList<>();
        List<String> older = new ArrayList<>();
        for (String name : offered.ciphers()) {
            CipherSuite.named(name).filter(suite -> known.contains(suite.opensslName()))
                    .ifPresent(suite -> (suite.isOfTls13() ? chosen : older).add(suite.standardName()));
        }
        if (!offered.versions().contains(TlsVersion.TLS_1_3)) {
            return older;
        }
        return Stream.concat((chosen.isEmpty() ? tls13 : chosen).stream(), older.stream()).toList();
    }

    /// @param known OpenSSL names
    static List<String> groups(TlsParameters offered, Set<String> known) {
        return offered.groups().stream().map(NamedGroup::named).flatMap(group -> group.stream())
                .filter(group -> known.contains(group.opensslName())).map(NamedGroup::standardName).toList();
    }
}
