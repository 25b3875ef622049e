package io.selvage.server.proxy;

import java.util.Optional;

/// Where one request goes and what it asks for there.
///
/// @param group the peers
/// @param url what was configured, or made of variables
/// @param uri how the request target is made
/// @param identity what connections are made with if the peers speak TLS
public record ProxyTarget(PeerGroup group, ProxyUrl url, UriRewrite uri, Optional<PeerIdentity> identity) {

    /// A target whose peers do not speak TLS.
    public ProxyTarget(PeerGroup group, ProxyUrl url, UriRewrite uri) {
        this(group, url, uri, Optional.empty());
    }

    ProxyTarget with(PeerIdentity own) {
        return new ProxyTarget(group, url, uri, Optional.of(own));
    }
}
