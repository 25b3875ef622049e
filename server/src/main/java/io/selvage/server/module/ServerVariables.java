package io.selvage.server.module;

import io.selvage.server.observe.LogTime;
import io.selvage.server.route.VariableTable;
import java.net.InetAddress;
import java.net.UnknownHostException;

/// The variables of this server.
final class ServerVariables {
    static final VariableTable TABLE = VariableTable.of(LogTime.system(), System::nanoTime, hostname(), ProductVersion.NUMBER);

    private ServerVariables() {
    }

    /// The name of the machine.
    static String hostname() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
