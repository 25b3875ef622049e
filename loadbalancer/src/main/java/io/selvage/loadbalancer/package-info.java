/// # Choosing a peer
///
/// Policies, passive health and limits as plain objects: no socket, no clock, no chance of their own.
@NullMarked
package io.selvage.loadbalancer;

import org.jspecify.annotations.NullMarked;
