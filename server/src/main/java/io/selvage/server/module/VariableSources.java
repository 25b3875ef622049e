package io.selvage.server.module;

import io.selvage.server.observe.LogTime;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.function.LongSupplier;

/// The sources of variables that do not depend on an exchange.
///
/// @param time for `$msec` and other times
/// @param nanos [System#nanoTime()], for spans
/// @param hostname of the machine
/// @param version of the product
record VariableSources(LogTime time, LongSupplier nanos, String hostname, String version) {

    /// The sources of this machine.
    static VariableSources system() {
        return new VariableSources(LogTime.system(), System::nanoTime, machineName(), ProductVersion.NUMBER);
    }

    /// The name of the machine.
    static String machineName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
