package io.selvage.server.module;

import io.selvage.server.config.Argument;
import io.selvage.server.tls.NamedGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Groups for the key exchange: `ssl_ecdh_curve`.
///
/// @param text as it is written
/// @param names those of OpenSSL, best first; none for the choice of the engine
record TlsGroups(String text, List<String> names) {
    static final TlsGroups AUTO = new TlsGroups("auto", List.of());

    TlsGroups {
        names = List.copyOf(names);
    }

    static TlsGroups read(Argument argument) {
        List<String> names = new ArrayList<>();
        if (!argument.is("auto")) {
            for (String name : argument.text().split(":", -1)) {
                Optional<NamedGroup> group = NamedGroup.named(name);
                if (group.isEmpty()) {
                    argument.problem("unknown curve name \"" + name + "\"");
                }
                group.ifPresent(known -> names.add(known.opensslName()));
            }
        }
        return new TlsGroups(argument.text(), names);
    }
}
