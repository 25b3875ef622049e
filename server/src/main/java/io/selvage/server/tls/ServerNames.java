package io.selvage.server.tls;

import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.StandardConstants;

import static java.nio.charset.StandardCharsets.US_ASCII;

/// Names of servers as the JDK's engine wants them.
final class ServerNames {
    private ServerNames() {
    }

    /// A name that is sent as it is, also one that is not a host name by RFC 1123, such as `app_1`.
    static SNIServerName of(String name) {
        try {
            return new SNIHostName(name.getBytes(US_ASCII));
        } catch (IllegalArgumentException e) {
            return new OtherName(name);
        }
    }

    private static final class OtherName extends SNIServerName {

        OtherName(String name) {
            super(StandardConstants.SNI_HOST_NAME, name.getBytes(US_ASCII));
        }
    }
}
