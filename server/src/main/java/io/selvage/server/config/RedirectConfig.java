package io.selvage.server.config;

/// What the redirects look like that the server makes by itself.
public record RedirectConfig(
        @Setting("absolute_redirect on") boolean absolute,
        @Setting("server_name_in_redirect off") boolean serverName,
        @Setting("port_in_redirect on") boolean port) {}
