package io.selvage.server.net;

/// How a listening socket, and what it accepts, is set up (the parameters of `listen`).
///
/// @param backlog the most connections that wait to be accepted; the kernel's own limit is another bound
/// @param reusePort whether other sockets with the same option may listen on the address
/// @param ipv6Only whether a socket for all IPv6 addresses leaves the IPv4 ones alone
/// @param keepAlive what TCP does to find out whether a silent client is still there
/// @param receiveBuffer bytes, as `sendBuffer`; 0 for the size that the kernel chooses
/// @param deferred whether a connection is accepted only when its first bytes have come
/// @param fastOpen the most connections that wait with data in their first packet; 0 for none
public record ListenOptions(int backlog, boolean reusePort, boolean ipv6Only, TcpKeepAlive keepAlive, int receiveBuffer,
        int sendBuffer, boolean deferred, int fastOpen) {
    /// nginx's defaults.
    public static final ListenOptions DEFAULT = new ListenOptions(511, false, true, TcpKeepAlive.OFF, 0, 0, false, 0);
}
