package io.selvage.server.proxy;

/// Where one request goes and what it asks for there.
///
/// @param group the peers
/// @param url what was configured, or made of variables
/// @param target what they are asked for
public record ProxyTarget(PeerGroup group, ProxyUrl url, UriRewrite target) {
}
