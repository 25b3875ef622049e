package io.selvage.server.wiring;

import io.selvage.server.config.LocationMatch;
import io.selvage.server.config.LocationSettings;
import io.selvage.server.config.RedirectConfig;
import io.selvage.server.http.Text;
import io.selvage.server.observe.ErrorLog;
import io.selvage.server.route.Redirects;

/// Where a handler will stand: what it shares with others, and what is set for its location.
///
/// @param match which paths the location is for
/// @param errorLog the location's
record LocationScope(ConfigScope shared, LocationMatch match, LocationSettings settings, ErrorLog errorLog) {

    ServerState lasting() {
        return shared.lasting();
    }

    Templates templates() {
        return shared.templates();
    }

    Peers peers() {
        return shared.peers();
    }

    /// How the server's own redirects are written.
    Redirects redirects() {
        RedirectConfig config = settings.redirects();
        return new Redirects(config.absolute(), config.serverName(), config.port());
    }

    /// What stands in front of a redirect's path: scheme, host and port, or nothing where redirects are relative.
    Text redirectBase() {
        return settings.redirects().absolute() ? redirects()::origin : Text.literal("");
    }
}
