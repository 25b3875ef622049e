package io.selvage.server.module;

import io.selvage.loadbalancer.HealthListener;
import io.selvage.loadbalancer.PeerHealth;
import io.selvage.server.observe.LogFiles;
import java.util.Locale;

/// Writes to the main error log when peers are left out, and when they return.
record HealthReports(LogFiles logs) implements HealthListener {

    @Override
    public void changed(String upstream, String address, PeerHealth.State state, String reason) {
        logs.warn("peer " + address + " of upstream \"" + upstream + "\" is " + state.name().toLowerCase(Locale.ROOT) + ": "
                + reason);
    }

    @Override
    public void panic(String upstream, boolean on) {
        logs.warn(on ? "upstream \"" + upstream + "\" uses peers that are left out, because there are no others"
                : "upstream \"" + upstream + "\" has a peer again that is not left out");
    }
}
