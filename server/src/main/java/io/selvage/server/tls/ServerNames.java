package io.selvage.server.tls;

import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;

import static java.nio.charset.StandardCharsets.US_ASCII;

/// Names of servers as engines want them.
final class ServerNames {
    private ServerNames() {
    }

    /// A name that is sent as it is, also one that is not a host name by RFC 1123, such as `app_1`.
    static SNIServerName of(String name) {
        return new SNIHostName(name.getBytes(US_ASCII));
    }
}
