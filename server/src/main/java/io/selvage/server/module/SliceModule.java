package io.selvage.server.module;

import io.selvage.server.config.Directives;
import io.selvage.server.config.Setting;
import io.selvage.server.route.SliceHandler;
import io.selvage.server.route.SliceRange;
import java.util.Map;

/// Responses of peers that are fetched in parts.
final class SliceModule implements Module {

    /// @param size bytes; 0 for whole responses
    record SliceSettings(
            @Setting(value = "slice 0", doc = "Fetches responses in parts of this size, with `$slice_range` in requests.")
                    long size) {
    }

    @Override
    public Directives directives() {
        return new Directives().settings(SliceSettings.class, Contexts.HTTP, Contexts.SERVER, Contexts.LOCATION);
    }

    @Override
    public Variables variables(VariableSources sources) {
        return Variables.of(Map.of("slice_range", SliceRange::value));
    }

    @Override
    public void assemble(LocationBuilder location) {
        long size = location.get(SliceSettings.class).size;
        if (size > 0 && location.hasContent()) {
            boolean ranges = location.get(RangeModule.RangeSettings.class).most() > 0;
            location.before(next -> new SliceHandler(size, ranges, next, location.errorLog()));
        }
    }
}
