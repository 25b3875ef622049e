package io.selvage.server.config;

import java.util.Set;

/// The names that directives elsewhere in `http` declare, for others to refer to.
record DeclaredNames(Set<String> logFormats, Set<String> requestZones, Set<String> connectionZones, Set<String> upstreams) {
    static final DeclaredNames NOTHING = new DeclaredNames(Set.of(LogFormatConfig.COMBINED_NAME), Set.of(), Set.of(), Set.of());
}
