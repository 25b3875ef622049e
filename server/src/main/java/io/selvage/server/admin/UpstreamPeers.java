package io.selvage.server.admin;

import io.selvage.loadbalancer.UpstreamSnapshot;
import io.selvage.server.wiring.GroupSnapshot;
import org.jspecify.annotations.Nullable;

/// The peers of an upstream, as paths of the admin API name them: by their addresses.
final class UpstreamPeers {
    private UpstreamPeers() {
    }

    /// @throws ApiProblem if there is no such peer
    static UpstreamSnapshot find(GroupSnapshot group, @Nullable String address) {
        return group.peers().stream().filter(peer -> peer.address().equals(address)).findFirst().orElseThrow(() ->
                ApiProblem.notFound("upstream \"" + group.name() + "\" has no peer \"" + address + "\""));
    }
}
