package io.selvage.server.config;

import java.util.List;

/// Who may ask.
///
/// @param rules the first that fits decides; when none does, everyone may
public record AccessConfig(
        @Setting(value = "allow", or = "deny") List<AccessRule> rules,
        @Setting("satisfy all") Satisfy satisfy) {
    /// Whether all kinds of checks must agree, or one is enough.
    public enum Satisfy { ALL, ANY }

    public AccessConfig {
        rules = List.copyOf(rules);
    }
}
