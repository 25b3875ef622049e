package io.selvage.server.module;

import io.selvage.server.config.Line;
import io.selvage.server.config.Section;
import io.selvage.server.tls.TlsCapability;
import io.selvage.server.tls.TlsEngine;
import io.selvage.server.tls.TlsEngineChoice;
import io.selvage.server.tls.TlsEngines;
import io.selvage.server.tls.TlsVersion;
import java.util.List;
import java.util.Set;

/// Reports what a site wants of TLS and the engine cannot do.
final class TlsEngineChecks {
    private final TlsEngineChoice wanted;
    private final Section server;

    TlsEngineChecks(TlsEngineChoice wanted, Section server) {
        this.wanted = wanted;
        this.server = server;
    }

    void check(TlsSettings set) {
        TlsEngine engine;
        try {
            engine = TlsEngines.select(wanted);
        } catch (IllegalStateException e) {
            line("listen").problem(String.valueOf(e.getMessage()));
            return;
        }
        require(engine, !set.resumption().ticketKeys().isEmpty(), "ssl_session_ticket_key", TlsCapability.TICKET_KEYS);
        if (set.stapling().on() && !engine.capabilities().contains(TlsCapability.STAPLING)) {
            line("ssl_stapling").warning("\"ssl_stapling\" is ignored: the TLS engine \"" + engine.name() + "\" cannot do it");
        }
        checkVersions(engine, set.negotiation());
        checkCiphers(engine, set.negotiation());
        checkGroups(engine, set.negotiation());
    }

    private void require(TlsEngine engine, boolean wantedHere, String directive, TlsCapability capability) {
        if (wantedHere && !engine.capabilities().contains(capability)) {
            cannot(engine, directive, capability);
        }
    }

    private void checkVersions(TlsEngine engine, TlsSettings.Negotiation set) {
        Set<TlsVersion> configured = set.versions();
        Set<TlsVersion> spoken = set.versions(engine);
        if (spoken.isEmpty()) {
            line("ssl_protocols").problem("no version of TLS is left that the TLS engine \"" + engine.name() + "\" speaks");
            return;
        }
        configured.stream().sorted().filter(version -> !spoken.contains(version)).forEach(version -> line("ssl_protocols")
                .warning("\"" + version.text() + "\" is not spoken by the TLS engine \"" + engine.name() + "\""));
    }

    private void checkCiphers(TlsEngine engine, TlsSettings.Negotiation set) {
        if (set.oldCiphers(engine).isEmpty()) {
            line("ssl_ciphers").problem("\"ssl_ciphers\" selects no cipher suite that the TLS engine \"" + engine.name()
                    + "\" knows");
        }
        boolean chooses = engine.capabilities().contains(TlsCapability.CHOOSES_TLS13_CIPHERS);
        boolean usual = set.ciphersuites().map(suites -> suites.containsAll(TlsSettings.Negotiation.USUAL_SUITES)).orElse(true);
        if (!chooses && !usual) {
            cannot(engine, "ssl_conf_command", TlsCapability.CHOOSES_TLS13_CIPHERS);
        }
    }

    private void checkGroups(TlsEngine engine, TlsSettings.Negotiation set) {
        for (String group : set.groupNames()) {
            if (!engine.groups().contains(group)) {
                line("ssl_ecdh_curve").problem("the TLS engine \"" + engine.name() + "\" does not know the group \"" + group
                        + "\"");
            }
        }
    }

    private void cannot(TlsEngine engine, String directive, TlsCapability capability) {
        line(directive).problem("\"" + directive + "\" needs " + capability.text() + ", which the TLS engine \"" + engine.name()
                + "\" cannot do");
    }

    private Line line(String directive) {
        List<Line> lines = server.scope().nearest(List.of(directive));
        return lines.isEmpty() ? server.line() : lines.getLast();
    }
}
