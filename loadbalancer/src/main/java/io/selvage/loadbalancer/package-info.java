/// # Choosing a peer
///
/// Policies, passive health and limits as plain objects. Nothing here opens a socket, starts a thread, reads the system clock or
/// a configuration file, or knows HTTP.
///
/// Read [UpstreamSpec], then [Upstream], [Lease], [PassiveHealth] and [RoundRobinChooser];
/// [IdlePool] is independent of the rest.
@NullMarked
package io.selvage.loadbalancer;

import org.jspecify.annotations.NullMarked;
