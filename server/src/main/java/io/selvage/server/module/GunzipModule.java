package io.selvage.server.module;

import io.selvage.server.config.Directives;
import io.selvage.server.config.Setting;
import io.selvage.server.route.GunzipFilter;

/// Decompression of responses for clients that do not accept gzip. Before the filters that change content, which see it
/// decompressed.
final class GunzipModule implements Module {

    record GunzipSettings(
            @Setting(value = "gunzip off", doc = "Decompresses gzip responses for clients that do not accept gzip.") boolean on) {
    }

    @Override
    public Directives directives() {
        return new Directives().settings(GunzipSettings.class, Contexts.HTTP, Contexts.SERVER, Contexts.LOCATION);
    }

    @Override
    public void assemble(LocationBuilder location) {
        if (location.get(GunzipSettings.class).on) {
            CompressModule.ClientSettings clients = location.get(CompressModule.ClientSettings.class);
            location.responseFilter(new GunzipFilter(clients.eligibility(), clients.vary(), location.errorLog()));
        }
    }
}
