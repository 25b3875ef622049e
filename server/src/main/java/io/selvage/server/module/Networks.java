package io.selvage.server.module;

import io.selvage.server.config.Argument;
import io.selvage.server.config.Values;
import io.selvage.server.net.AddressText;
import io.selvage.server.net.Cidr;
import java.net.InetAddress;
import java.util.Optional;
import java.util.OptionalLong;

/// Reads networks.
final class Networks {
    private Networks() {
    }

    /// An address, or an address and the length of a prefix: `10.0.0.0/8`. Warns if the address has bits behind the prefix.
    ///
    /// @return empty for anything else; nothing is reported then
    static Optional<Cidr> read(Argument argument) {
        String text = argument.text();
        int slash = text.indexOf('/');
        Optional<InetAddress> address = AddressText.parse(slash < 0 ? text : text.substring(0, slash));
        if (address.isEmpty() || slash < 0) {
            return address.map(alone -> new Cidr(alone, 8 * alone.getAddress().length));
        }
        OptionalLong bits = Values.number(text.substring(slash + 1));
        if (bits.isEmpty() || bits.getAsLong() > 8L * address.get().getAddress().length) {
            return Optional.empty();
        }
        Cidr network = new Cidr(address.get(), (int) bits.getAsLong());
        if (!network.network().equals(address.get())) {
            argument.warning("low address bits of " + text + " are meaningless");
        }
        return Optional.of(network);
    }
}
