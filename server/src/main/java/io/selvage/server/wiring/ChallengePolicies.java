package io.selvage.server.wiring;

import io.selvage.server.acme.Challenges;
import io.selvage.server.tls.ClientHello;
import io.selvage.server.tls.PolicyChooser;
import io.selvage.server.tls.TlsPolicy;

/// Answers the handshakes of ACME servers that verify a name by tls-alpn-01, and leaves the others to the sites. Immutable.
///
/// @param sites for all other clients
/// @param challenge for clients that offer [Challenges#PROTOCOL]
record ChallengePolicies(PolicyChooser sites, TlsPolicy challenge) implements PolicyChooser {
    @Override
    public TlsPolicy choose(ClientHello hello) {
        return hello.alpn().contains(Challenges.PROTOCOL) ? challenge : sites.choose(hello);
    }
}
