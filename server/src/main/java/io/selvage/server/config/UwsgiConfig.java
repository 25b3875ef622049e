package io.selvage.server.config;

import java.util.List;

/// How exchanges are passed to peers that speak the uwsgi protocol.
///
/// @param modifier1 0 for Python
public record UwsgiConfig(
        @Setting.Prefix("uwsgi") PassConfig pass,
        @Setting("uwsgi_param") List<SetParam> params,
        @Setting(value = "uwsgi_modifier1 0", most = 255) int modifier1,
        @Setting(value = "uwsgi_modifier2 0", most = 255) int modifier2) {
    public UwsgiConfig {
        params = List.copyOf(params);
    }
}
