/// # Choosing a peer
///
/// Policies, passive health and limits as plain objects: no socket, no clock, no chance of their own.
/// Nothing here knows HTTP, a thread or a configuration file.
///
/// Read [UpstreamSpec], then [Upstream], [Lease], [PassiveHealth] and [RoundRobinChooser];
/// [IdlePool] stands alone.
@NullMarked
package io.selvage.loadbalancer;

import org.jspecify.annotations.NullMarked;
