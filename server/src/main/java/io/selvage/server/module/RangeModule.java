package io.selvage.server.module;

import io.selvage.server.config.Directives;
import io.selvage.server.config.Setting;
import io.selvage.server.route.RangeFilter;

/// Range requests. The last response filter, because ranges refer to the bytes that are sent.
final class RangeModule implements Module {

    /// @param most the limit of ranges in one request; 0 for no ranges
    record RangeSettings(
            @Setting(value = "max_ranges 2147483647", doc = "Limits the ranges of one request; 0 for none.") int most) {
    }

    @Override
    public Directives directives() {
        return new Directives().settings(RangeSettings.class, Contexts.HTTP, Contexts.SERVER, Contexts.LOCATION);
    }

    @Override
    public void assemble(LocationBuilder location) {
        location.responseFilter(new RangeFilter(location.get(RangeSettings.class).most));
    }
}
