package io.selvage.loadbalancer;

import java.time.Duration;
import java.util.Objects;

/// When a peer that does worse than the others of its upstream is left out for a while, which is called an ejection. The rules
/// and their names follow Envoy's outlier detection.
///
/// @param rules what makes a peer an outlier
/// @param interval how long requests are counted before rates and latencies are compared
/// @param requestVolume the least requests of a peer in an interval for it to be compared
/// @param ejection for how long, and how many
public record OutlierDetection(Rules rules, Duration interval, int requestVolume, Ejection ejection) {
    /// What makes a peer an outlier.
    ///
    /// @param consecutive5xx that many failures or 5xx responses, one after the other; 0 for never
    /// @param successRate percent of the requests in an interval: fewer succeeded, while at least half of the peers are above
    ///     it; 0 for never
    /// @param latencyFactor the mean time to the head of a response is that many times the median of all peers; 0 for never
    public record Rules(int consecutive5xx, int successRate, double latencyFactor) {
        public Rules {
            boolean valid = consecutive5xx >= 0 && successRate >= 0 && successRate <= 100
                    && (latencyFactor == 0 || latencyFactor > 1);
            if (!valid) {
                throw new IllegalArgumentException("consecutive_5xx %d, success_rate %d, latency_factor %s"
                        .formatted(consecutive5xx, successRate, latencyFactor));
            }
        }
    }

    /// How long peers are left out, and how many of them.
    ///
    /// @param base multiplied by the number of ejections; an interval without one lowers the number
    /// @param longest the most
    /// @param mostPercent of the peers that are out at a time; one is always allowed
    public record Ejection(Duration base, Duration longest, int mostPercent) {
        public Ejection {
            boolean valid = base.isPositive() && longest.compareTo(base) >= 0 && mostPercent >= 0 && mostPercent <= 100;
            if (!valid) {
                throw new IllegalArgumentException("base_ejection_time %s, max_ejection_time %s, max_ejection_percent %d"
                        .formatted(base, longest, mostPercent));
            }
        }
    }

    /// Envoy's defaults, as far as they suit small upstreams: five consecutive failures, intervals of 10 s with 20 requests,
    /// 30 s to 5 min, 10 %.
    public static final OutlierDetection DEFAULT = new OutlierDetection(new Rules(5, 0, 0), Duration.ofSeconds(10), 20,
            new Ejection(Duration.ofSeconds(30), Duration.ofSeconds(300), 10));

    public OutlierDetection {
        Objects.requireNonNull(rules, "rules");
        Objects.requireNonNull(ejection, "ejection");
        if (!interval.isPositive() || requestVolume < 1) {
            throw new IllegalArgumentException("interval %s, request_volume %d".formatted(interval, requestVolume));
        }
    }

    /// Other rules.
    public OutlierDetection withRules(Rules other) {
        return new OutlierDetection(other, interval, requestVolume, ejection);
    }

    /// Other ejections.
    public OutlierDetection withEjection(Ejection other) {
        return new OutlierDetection(rules, interval, requestVolume, other);
    }
}
