package io.selvage.server.module;

import io.selvage.server.config.Directives;
import io.selvage.server.route.MetricsPage;

/// Counts the exchanges of all locations if the configuration shows metrics anywhere, and shows them.
final class MetricsModule implements Module {
    @Override
    public Directives directives() {
        return new Directives().settings(MetricsSettings.class, Contexts.LOCATION);
    }

    @Override
    public void assemble(LocationBuilder location) {
        location.shared().metrics().ifPresent(running -> {
            location.log(running.traffic().log(location.metricsName()));
            if (!location.isSite() && location.get(MetricsSettings.class).page()) {
                location.content(new MetricsPage(running.metrics()));
            }
        });
    }
}
