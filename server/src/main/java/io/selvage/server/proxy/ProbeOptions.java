package io.selvage.server.proxy;

import io.selvage.server.http.Exchange;
import java.time.Duration;
import java.util.function.Consumer;

/// How the peers of a location are probed (`health_check`).
///
/// @param request what is sent
/// @param host the value of `Host` that variables see
/// @param enter gives the exchange of a probe the options of the location
/// @param match what the response must look like
/// @param port connected to instead of the peer's own; 0 for that one
/// @param timeout for the whole probe
/// @param keepAlive how long a connection is used for probes; zero for one probe
public record ProbeOptions(ProbeRequest request, String host, Consumer<Exchange> enter, ProbeMatch match, int port,
        Duration timeout, Duration keepAlive) {
}
