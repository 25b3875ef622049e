package io.selvage.server.module;

import io.selvage.server.config.Directives;
import io.selvage.server.config.Setting;
import io.selvage.server.http.Conditions;
import io.selvage.server.route.ConditionFilter;

/// Conditional requests.
final class ConditionModule implements Module {

    record ConditionSettings(
            @Setting(value = "if_modified_since exact", doc = "Sets how `If-Modified-Since` is compared with `Last-Modified`.")
                    Conditions.Since modifiedSince) {
    }

    @Override
    public Directives directives() {
        return new Directives().settings(ConditionSettings.class, Contexts.HTTP, Contexts.SERVER, Contexts.LOCATION);
    }

    @Override
    public void assemble(LocationBuilder location) {
        location.responseFilter(new ConditionFilter(location.get(ConditionSettings.class).modifiedSince));
    }
}
