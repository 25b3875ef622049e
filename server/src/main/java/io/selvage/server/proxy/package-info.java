/// # Passing an exchange to a peer
///
/// HTTP/1 and uwsgi, over TCP and unix sockets: which peer, on which connection, with which fields, and what to do when
/// it goes wrong. Nothing here reads a configuration or decides which location answers.
///
/// Read [ProxyHandler] first: its `handle` is the whole journey. Then [ProxyRules], what can be said about it, and
/// [NextUpstream], when it is tried again.
@NullMarked
package io.selvage.server.proxy;

import org.jspecify.annotations.NullMarked;
