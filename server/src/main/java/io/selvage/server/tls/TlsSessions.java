package io.selvage.server.tls;

import java.time.Duration;
import java.util.List;

/// How a client may resume an earlier session.
///
/// Sessions are kept by the engine for as long as a policy with equal [TlsParameters], [ClientCertificates], `TlsSessions`,
/// [KeyLog] and ALPN names shows the same certificate, so they survive a reload of the configuration.
///
/// @param tickets whether the server lets its clients keep sessions as tickets
/// @param ticketKeys the first encrypts, all decrypt; none for random ones that the engine changes from time to time
/// @param cacheSize the most sessions that the server keeps by itself, for clients of TLS 1.2 without tickets; 0 for none
/// @param timeout how long a session can be resumed
public record TlsSessions(boolean tickets, List<TicketKey> ticketKeys, int cacheSize, Duration timeout) {
    /// Tickets with random keys, for five minutes.
    public static final TlsSessions DEFAULT = new TlsSessions(true, List.of(), 0, Duration.ofMinutes(5));

    public TlsSessions {
        ticketKeys = List.copyOf(ticketKeys);
        if (cacheSize < 0 || timeout.toSeconds() < 1) {
            throw new IllegalArgumentException("cache of " + cacheSize + " sessions, for " + timeout);
        }
    }
}
