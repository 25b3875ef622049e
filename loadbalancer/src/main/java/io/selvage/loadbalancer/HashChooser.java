package io.selvage.loadbalancer;

import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;

import static java.nio.charset.StandardCharsets.US_ASCII;

/// Chooses a peer by a hash of the key, compatible with Perl's memcached client: 15 bits of a CRC of the key. For each unusable
/// peer it adds 15 bits of a CRC of the number of the attempt and the key.
final class HashChooser implements Chooser {
    private final Shares shares;

    HashChooser(List<Peer> peers) {
        shares = new Shares(peers);
    }

    @Override
    public Optional<Peer> choose(Ask ask) {
        if (ask.key().length == 0) {
            return Optional.empty();
        }
        int hash = 0;
        for (int rejected = 0; rejected <= MOST_REJECTED; rejected++) {
            hash += fifteenBits(rejected, ask.key());
            Peer peer = shares.at(hash % shares.total());
            if (ask.allows(peer)) {
                return Optional.of(peer);
            }
        }
        return Optional.empty();
    }

    private static int fifteenBits(int attempt, byte[] key) {
        var crc = new CRC32();
        if (attempt > 0) {
            crc.update(Integer.toString(attempt).getBytes(US_ASCII));
        }
        crc.update(key);
        return (int) (crc.getValue() >> 16) & 0x7fff;
    }
}
