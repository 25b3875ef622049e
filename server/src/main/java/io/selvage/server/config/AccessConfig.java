package io.selvage.server.config;

import java.util.List;

/// Who may ask.
///
/// @param rules the first that fits decides; when none does, everyone may
public record AccessConfig(
        @Setting(value = "allow", or = "deny") List<AccessRule> rules) {
    public AccessConfig {
        rules = List.copyOf(rules);
    }
}
