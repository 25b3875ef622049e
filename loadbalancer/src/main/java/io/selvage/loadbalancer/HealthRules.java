package io.selvage.loadbalancer;

import java.util.List;
import java.util.Optional;

/// What takes peers out of an upstream, besides `max_fails` and `down`.
///
/// @param checks the active health checks; a peer that fails one of them is left out (`health_check`)
/// @param outliers which peers do too badly beside the others (`outlier_detection`)
/// @param panic true if peers that are left out are used when there are no others (`panic_mode`)
public record HealthRules(List<HealthCheck> checks, Optional<OutlierDetection> outliers, boolean panic) {
    /// Only `max_fails`.
    public static final HealthRules NONE = new HealthRules(List.of(), Optional.empty(), false);

    public HealthRules {
        checks = List.copyOf(checks);
    }

    /// The same with these checks.
    public HealthRules withChecks(List<HealthCheck> other) {
        return new HealthRules(other, outliers, panic);
    }
}
