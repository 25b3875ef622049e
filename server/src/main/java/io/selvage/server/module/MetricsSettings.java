package io.selvage.server.module;

import io.selvage.server.config.Config;
import io.selvage.server.config.Section;
import io.selvage.server.config.Setting;

/// Where the metrics are shown.
///
/// @param page whether the location answers with them
public record MetricsSettings(
        @Setting(value = "prometheus", in = "location", inherited = false, inParts = true,
                doc = "Answers with the metrics of the process, in the formats of Prometheus and OpenMetrics.",
                differs = "nginx has no such directive") boolean page) {

    /// True if a configuration shows metrics anywhere, so that they must be counted: in a location, or in the admin API.
    public static boolean areWanted(Config config) {
        return AdminModule.isThere(config)
                || config.block(Contexts.HTTP).inside(Contexts.SERVER).stream().anyMatch(MetricsSettings::isPageInside);
    }

    private static boolean isPageInside(Section outer) {
        return outer.inside(Contexts.LOCATION).stream()
                .anyMatch(location -> location.get(MetricsSettings.class).page() || isPageInside(location));
    }
}
