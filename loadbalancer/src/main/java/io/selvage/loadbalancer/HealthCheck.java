package io.selvage.loadbalancer;

/// An active health check of the peers of an upstream: nginx's `health_check`. Who sends the probes reports their results to
/// [Upstream#probePassed] and [Upstream#probeFailed].
///
/// @param id identifies the check in its upstream; the next configuration continues with the results of the same id
/// @param fails consecutive failed probes after which a peer is unhealthy, 1 or more (`fails=`)
/// @param passes consecutive passed probes after which an unhealthy peer is healthy again, 1 or more (`passes=`)
/// @param mandatory true if a peer gets no request before its first probe has passed (`mandatory`)
/// @param persistent true if a peer that was healthy in the previous configuration need not wait for another probe
///     (`persistent`)
public record HealthCheck(String id, int fails, int passes, boolean mandatory, boolean persistent) {
    public HealthCheck {
        if (fails < 1 || passes < 1) {
            throw new IllegalArgumentException("health check %s: fails %d, passes %d".formatted(id, fails, passes));
        }
    }
}
