package io.selvage.server.proxy;

/// Where one request goes and what it asks for there.
///
/// @param group the peers
/// @param url what was configured, or made of variables
/// @param uri how the request target is made
public record ProxyTarget(PeerGroup group, ProxyUrl url, UriRewrite uri) {
}
