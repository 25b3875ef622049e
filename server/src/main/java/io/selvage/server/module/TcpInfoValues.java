package io.selvage.server.module;

import io.selvage.server.http.Variable;
import io.selvage.server.net.TcpInfo;
import java.util.Map;
import java.util.function.ToLongFunction;

/// Variables of what the kernel measured of a client's connection.
final class TcpInfoValues {
    private TcpInfoValues() {
    }

    static Map<String, Variable> all() {
        return Map.of(
                "tcpinfo_rtt", value(TcpInfo::rttMicros),
                "tcpinfo_rttvar", value(TcpInfo::rttVarianceMicros),
                "tcpinfo_snd_cwnd", value(TcpInfo::sendWindow),
                "tcpinfo_rcv_space", value(TcpInfo::receiveSpace));
    }

    private static Variable value(ToLongFunction<TcpInfo> part) {
        return exchange -> exchange.client().tcpInfo().map(info -> Long.toString(part.applyAsLong(info)));
    }
}
