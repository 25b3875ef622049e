package io.selvage.server.module;

import io.selvage.server.config.Argument;
import io.selvage.server.config.Line;
import io.selvage.server.config.Printable;
import io.selvage.server.config.Setting;
import io.selvage.server.http.Template;
import io.selvage.server.proxy.Connecting;
import java.util.List;

/// The sockets of connections to peers.
record SocketSettings(
        @Setting(value = "*_bind off", doc = "Sets the local address of connections to peers.") Bind bind,
        @Setting(value = "*_socket_keepalive off", doc = "Has the system find dead peers (`SO_KEEPALIVE`).")
                boolean keepAlive) {

    Connecting connecting() {
        return new Connecting(bind.address, keepAlive);
    }

    /// `proxy_bind`
    ///
    /// @param address empty for `off`
    record Bind(Template address) implements Printable {
        static Bind read(Line line) {
            Argument address = line.argument(0);
            if (line.count() > 1) {
                if (line.argument(1).is("transparent")) {
                    line.argument(1).notBuilt();
                } else {
                    line.argument(1).unknown();
                }
            }
            if (address.is("off")) {
                return new Bind(Template.EMPTY);
            }
            if (!address.text().contains("$") && Connecting.parse(address.text()).isEmpty()) {
                address.refuse("an address");
            }
            return new Bind(address.template());
        }

        @Override
        public List<String> words() {
            return List.of(address.isEmpty() ? "off" : address.toString());
        }
    }
}
