package io.selvage.loadbalancer;

import java.util.List;
import java.util.Optional;

/// Chooses a peer by a hash of the client's network. It continues the hash from its current value while the peer is unusable.
final class IpHashChooser implements Chooser {
    private static final int START = 89;
    private static final int FACTOR = 113;
    private static final int MODULUS = 6271;

    private final Shares shares;

    IpHashChooser(List<Peer> peers) {
        shares = new Shares(peers);
    }

    @Override
    public Optional<Peer> choose(Ask ask) {
        int hash = START;
        for (int rejected = 0; rejected <= MOST_REJECTED; rejected++) {
            hash = mix(hash, ask.key());
            Peer peer = shares.at(hash % shares.total());
            if (ask.allows(peer)) {
                return Optional.of(peer);
            }
        }
        return Optional.empty();
    }

    private static int mix(int from, byte[] address) {
        int significant = address.length == 16 ? 16 : 3;
        boolean known = address.length == 4 || address.length == 16;
        int hash = from;
        for (int i = 0; i < significant; i++) {
            hash = (hash * FACTOR + (known ? address[i] & 0xff : 0)) % MODULUS;
        }
        return hash;
    }
}
