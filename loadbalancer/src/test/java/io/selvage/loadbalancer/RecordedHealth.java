package io.selvage.loadbalancer;

import java.util.ArrayList;
import java.util.List;

/// Keeps what is reported as lines, such as `a UNHEALTHY: refused`.
final class RecordedHealth implements HealthListener {
    private final List<String> lines = new ArrayList<>();

    @Override
    public void changed(String upstream, String address, PeerHealth.State state, String reason) {
        lines.add(address + " " + state + ": " + reason);
    }

    @Override
    public void panic(String upstream, boolean on) {
        lines.add("panic " + (on ? "begins" : "ends"));
    }

    /// What was reported since the last call.
    List<String> take() {
        List<String> taken = List.copyOf(lines);
        lines.clear();
        return taken;
    }
}
