package io.selvage.server.config;

import java.util.List;

/// What is added to the heads of answers.
public record HeadersConfig(
        @Setting("server_tokens on") ServerTokens serverTokens,
        @Setting("add_header") List<AddHeader> add,
        @Setting("expires off") ExpiresConfig expires) {
    /// How much the `Server` field tells.
    public enum ServerTokens { OFF, ON, BUILD }

    public HeadersConfig {
        add = List.copyOf(add);
    }
}
