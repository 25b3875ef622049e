package io.selvage.server.net;

import java.io.IOException;

/// No socket could be opened or set up on this machine: it has no descriptor left, or not the local address. It says nothing
/// about the peer that the socket was for.
public final class SocketUnavailable extends IOException {
    private static final long serialVersionUID = 1;

    SocketUnavailable(IOException why) {
        super("no socket: " + why.getMessage(), why);
    }
}
