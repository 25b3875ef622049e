package io.selvage.server.module;

import io.selvage.server.config.Codec;
import io.selvage.server.config.Config;
import io.selvage.server.config.Context;
import io.selvage.server.config.Directives;
import io.selvage.server.config.Setting;
import java.util.Optional;

/// Where the admin API listens.
public final class AdminModule implements Module {
    /// @param admin empty if there is no admin API
    public record AdminSettings(
            @Setting(value = "admin",
                    doc = "Sets the address of the dashboard and the admin API, and a token for other machines.",
                    differs = "nginx has no such directive") Optional<AdminLine> admin) {

        public static AdminSettings of(Config config) {
            return config.get(AdminSettings.class);
        }
    }

    /// Whether a configuration has the admin API.
    static boolean isThere(Config config) {
        return AdminSettings.of(config).admin().isPresent();
    }

    @Override
    public Directives directives() {
        return new Directives()
                .settings(AdminSettings.class, Context.MAIN)
                .codec(AdminLine.class, Codec.line(1, 3, AdminLine::read));
    }
}
