package io.selvage.server.net;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/// How the socket of a connection to a peer is set up.
///
/// @param from the local address, with port 0 to let the system choose one; null to let it choose both
/// @param keepAlive true to have the system find dead peers (`SO_KEEPALIVE`)
public record PeerSocket(@Nullable InetSocketAddress from, boolean keepAlive) {
    /// As the system sets it up.
    public static final PeerSocket DEFAULT = new PeerSocket(null, false);
}
