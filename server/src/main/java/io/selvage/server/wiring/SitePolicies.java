package io.selvage.server.wiring;

import io.selvage.server.route.Site;
import io.selvage.server.route.Sites;
import io.selvage.server.tls.ClientHello;
import io.selvage.server.tls.PolicyChooser;
import io.selvage.server.tls.TlsPolicy;
import java.util.Map;
import java.util.Optional;

/// Chooses the site of a handshake by the name that the client asks for, as requests are assigned by their host. Immutable.
///
/// @param policies of the sites that have one; by identity
/// @param standard for clients that name no site, and for sites without a certificate
record SitePolicies(Sites sites, Map<Site, TlsPolicy> policies, TlsPolicy standard) implements PolicyChooser {
    @Override
    public TlsPolicy choose(ClientHello hello) {
        Optional<String> name = hello.serverName();
        return name.isEmpty() ? standard : policies.getOrDefault(sites.named(name.get()), standard);
    }
}
