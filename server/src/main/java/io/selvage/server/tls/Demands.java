package io.selvage.server.tls;

import java.security.GeneralSecurityException;
import java.util.Optional;
import java.util.Set;

/// Checks that an engine can do what a policy wants.
final class Demands {
    private Demands() {
    }

    /// @throws GeneralSecurityException with what it cannot do
    static void check(TlsParameters wanted, TlsSessions sessions, EngineProvider provider) throws GeneralSecurityException {
        Set<TlsCapability> can = provider.capabilities();
        boolean old = wanted.versions().stream().anyMatch(version -> version.compareTo(TlsVersion.TLS_1_2) < 0);
        boolean names13 = wanted.ciphers().stream()
                .anyMatch(name -> CipherSuite.named(name).map(CipherSuite::isOfTls13).orElse(false));
        demand(old, TlsCapability.OLD_VERSIONS, can, provider);
        demand(names13, TlsCapability.CHOOSES_TLS13_CIPHERS, can, provider);
        demand(!wanted.serverPreference(), TlsCapability.CLIENT_PREFERENCE, can, provider);
        demand(!sessions.ticketKeys().isEmpty(), TlsCapability.TICKET_KEYS, can, provider);
        demand(sessions.ticketKeys().stream().anyMatch(TicketKey::isLong), TlsCapability.LONG_TICKET_KEYS, can, provider);
        if (!wanted.ciphers().isEmpty() && wanted.ciphers().stream().noneMatch(provider.ciphers()::contains)) {
            throw new GeneralSecurityException("the TLS engine " + provider.name() + " knows none of the cipher suites");
        }
        for (String group : wanted.groups()) {
            if (NamedGroup.named(group).filter(known -> provider.groups().contains(known.opensslName())).isEmpty()) {
                throw new GeneralSecurityException("the TLS engine " + provider.name() + " does not know the group " + group);
            }
        }
    }

    /// @throws GeneralSecurityException if it cannot log secrets, and is to
    static void check(Optional<KeyLog> log, EngineProvider provider) throws GeneralSecurityException {
        demand(log.isPresent(), TlsCapability.KEY_LOG, provider.capabilities(), provider);
    }

    private static void demand(boolean wanted, TlsCapability what, Set<TlsCapability> can, EngineProvider provider)
            throws GeneralSecurityException {
        if (wanted && !can.contains(what)) {
            throw new GeneralSecurityException("the TLS engine " + provider.name() + " does not have " + what.text());
        }
    }
}
