package io.selvage.server.config;

/// Everything that can be set for a location and is inherited from the blocks around it.
public record LocationSettings(
        FilesConfig files,
        ClientConfig client,
        RedirectConfig redirects,
        HeadersConfig headers,
        LogConfig logs,
        ErrorsConfig errors,
        AccessConfig access,
        LimitsConfig limits,
        ProxyConfig proxy,
        UwsgiConfig uwsgi) {

    LocationSettings withLogs(LogConfig other) {
        return new LocationSettings(files, client, redirects, headers, other, errors, access, limits, proxy, uwsgi);
    }
}
