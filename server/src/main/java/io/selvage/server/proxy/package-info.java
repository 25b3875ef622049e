/// # Passing an exchange to a peer
///
/// HTTP/1 and uwsgi, over TCP and unix sockets: which peer, on which connection, with which fields, and what to do when
/// it goes wrong. Nothing here reads a configuration or decides which location answers.
///
/// Read [ProxyHandler] first: its `handle` is the whole journey. Then [RetryLoop], from peer to peer, and [UpstreamAttempt], one
/// attempt; [NextUpstream] says when there is another, [ProxyOptions] what can be said about all of it.
@NullMarked
package io.selvage.server.proxy;

import org.jspecify.annotations.NullMarked;
