package io.selvage.server.module;

import io.selvage.server.config.Line;
import io.selvage.server.config.Section;
import io.selvage.server.tls.TlsCapability;
import io.selvage.server.tls.TlsEngine;
import io.selvage.server.tls.TlsEngineChoice;
import io.selvage.server.tls.TlsEngines;
import io.selvage.server.tls.TlsVersion;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Reports what a block wants of TLS and the engine cannot do.
final class TlsEngineChecks {
    private final TlsEngineChoice wanted;
    private final Section section;
    private final String prefix;

    /// @param prefix of the directives
    TlsEngineChecks(TlsEngineChoice wanted, Section section, String prefix) {
        this.wanted = wanted;
        this.section = section;
        this.prefix = prefix;
    }

    void check(TlsSettings set) {
        engine("listen").ifPresent(engine -> check(engine, set));
    }

    /// Checks what is the same for peers.
    void check(TlsSettings.Negotiation set) {
        engine(prefix + "protocols").ifPresent(engine -> check(engine, set));
    }

    /// Checks that the secrets of connections to peers can be logged.
    void checkKeyLog() {
        String directive = prefix + "key_log";
        engine(directive).ifPresent(engine -> require(engine, true, directive, TlsCapability.KEY_LOG));
    }

    private Optional<TlsEngine> engine(String directive) {
        try {
            return Optional.of(TlsEngines.select(wanted));
        } catch (IllegalStateException e) {
            line(directive).problem(String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    private void check(TlsEngine engine, TlsSettings set) {
        require(engine, !set.resumption().ticketKeys().isEmpty(), "ssl_session_ticket_key", TlsCapability.TICKET_KEYS);
        require(engine, !set.keys().log().isNone(), "ssl_key_log", TlsCapability.KEY_LOG);
        require(engine, set.compresses(), "ssl_certificate_compression", TlsCapability.CERTIFICATE_COMPRESSION);
        if (set.stapling().on() && !engine.capabilities().contains(TlsCapability.STAPLING)) {
            line("ssl_stapling").warning("\"ssl_stapling\" is ignored: the TLS engine \"" + engine.name() + "\" cannot do it");
        }
        check(engine, set.negotiation());
    }

    private void check(TlsEngine engine, TlsSettings.Negotiation set) {
        checkVersions(engine, set);
        checkCiphers(engine, set);
        checkGroups(engine, set);
    }

    private void require(TlsEngine engine, boolean wantedHere, String directive, TlsCapability capability) {
        if (wantedHere && !engine.capabilities().contains(capability)) {
            cannot(engine, directive, capability);
        }
    }

    private void checkVersions(TlsEngine engine, TlsSettings.Negotiation set) {
        Set<TlsVersion> configured = set.versions();
        Set<TlsVersion> spoken = set.versions(engine);
        if (set.protocols().isEmpty()) {
            return;                                        // that is reported already
        }
        if (spoken.isEmpty()) {
            line(prefix + "protocols").problem("no version of TLS is left that the TLS engine \"" + engine.name() + "\" speaks");
            return;
        }
        configured.stream().sorted().filter(version -> !spoken.contains(version)).forEach(version -> line(prefix + "protocols")
                .warning("\"" + version.text() + "\" is not spoken by the TLS engine \"" + engine.name() + "\""));
    }

    private void checkCiphers(TlsEngine engine, TlsSettings.Negotiation set) {
        if (set.oldCiphers(engine).isEmpty()) {
            line(prefix + "ciphers").problem("\"" + prefix + "ciphers\" selects no cipher suite that the TLS engine \""
                    + engine.name()
                    + "\" knows");
        }
        boolean chooses = engine.capabilities().contains(TlsCapability.CHOOSES_TLS13_CIPHERS);
        boolean usual = set.ciphersuites().map(suites -> suites.containsAll(TlsSettings.Negotiation.USUAL_SUITES)).orElse(true);
        if (!chooses && !usual) {
            cannot(engine, prefix + "conf_command", TlsCapability.CHOOSES_TLS13_CIPHERS);
        }
    }

    private void checkGroups(TlsEngine engine, TlsSettings.Negotiation set) {
        for (String group : set.groupNames()) {
            if (!engine.groups().contains(group)) {
                line(prefix + "ecdh_curve", prefix + "conf_command").problem("the TLS engine \"" + engine.name()
                        + "\" does not know the group \"" + group
                        + "\"");
            }
        }
    }

    private void cannot(TlsEngine engine, String directive, TlsCapability capability) {
        line(directive).problem("\"" + directive + "\" needs " + capability.text() + ", which the TLS engine \"" + engine.name()
                + "\" cannot do");
    }

    /// The last line of one of these that holds here; the block where there is none.
    private Line line(String... directives) {
        List<Line> lines = section.scope().nearest(List.of(directives));
        return lines.isEmpty() ? section.line() : lines.getLast();
    }
}
