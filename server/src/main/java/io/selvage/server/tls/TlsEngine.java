package io.selvage.server.tls;

import io.selvage.server.net.Connection;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Set;

/// Turns plain connections into TLS ones. One for the whole process, chosen at the start; any thread.
///
/// The connection's own thread runs the handshake, on a carrier or on one of the JDK's. It never blocks the carrier.
public interface TlsEngine {

    /// As `ssl_engine` calls it: `boringssl` or `jdk`.
    String name();

    /// Its name and version, for people.
    String version();

    Set<TlsCapability> capabilities();

    /// The OpenSSL names of the cipher suites of TLS 1.2 and below that it knows.
    Set<String> ciphers();

    /// The OpenSSL names of the groups that it knows.
    Set<String> groups();

    /// Checks that connections under the policy are possible.
    ///
    /// @throws GeneralSecurityException with a reason for people, if this engine cannot do what the policy says
    void prepare(TlsPolicy policy) throws GeneralSecurityException;

    /// As [#prepare(TlsPolicy)].
    void prepare(TlsClientPolicy policy) throws GeneralSecurityException;

    /// Checks that a key belongs to its certificate and can be used.
    ///
    /// @throws GeneralSecurityException with a reason for people
    void check(CertifiedKey key) throws GeneralSecurityException;

    /// Answers the handshake of a client.
    ///
    /// When it fails, the caller closes the plain connection. So it does when it ends later; closing the TLS connection does the
    /// same.
    ///
    /// @param plain nothing else may use it from now on, except that [Connection#close] and [Connection#abort] end the handshake
    /// @param timeout for the whole handshake, however many reads it takes
    /// @throws TlsException if it fails, see [TlsException.Kind]
    /// @throws io.selvage.server.net.TimedOut if it takes too long
    TlsConnection accept(Connection plain, PolicyChooser chooser, Duration timeout) throws IOException;

    /// Makes the handshake with a peer. As [#accept] otherwise.
    ///
    /// @throws TlsException with [TlsException.Kind#UNVERIFIED] if the policy verifies peers and this one's certificate is wrong
    TlsConnection connect(Connection plain, TlsClientPolicy policy, TlsTarget target, Duration timeout) throws IOException;
}
