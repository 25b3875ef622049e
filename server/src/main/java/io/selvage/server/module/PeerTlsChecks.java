package io.selvage.server.module;

import io.selvage.server.config.Argument;
import io.selvage.server.config.Context;
import io.selvage.server.config.Position;
import io.selvage.server.config.Section;
import io.selvage.server.tls.KeyPairFiles;
import io.selvage.server.tls.TlsEngineChoice;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Reports what prevents the TLS toward peers from working, for the blocks that pass requests to such peers. What several blocks
/// inherit is reported once.
final class PeerTlsChecks {
    private static final List<Context> BLOCKS = List.of(Contexts.SERVER, Contexts.LOCATION, Contexts.IF, Contexts.LIMIT_EXCEPT);

    private final TlsEngineChoice wanted;
    private final TlsFileChecks files = new TlsFileChecks();
    private final Set<Position> checked = new HashSet<>();
    private final Set<PeerTlsSettings.Negotiation> negotiated = new HashSet<>();

    PeerTlsChecks(TlsEngineChoice wanted) {
        this.wanted = wanted;
    }

    /// @param outer the blocks inside it are checked
    void check(Section outer) {
        for (Context kind : BLOCKS) {
            for (Section inner : outer.inside(kind)) {
                UpstreamModule.UpstreamSettings set = inner.get(UpstreamModule.UpstreamSettings.class);
                set.target().filter(PassTarget::mayBeSecure).ifPresent(target ->
                        set.tls(target).ifPresent(tls -> check(inner, target, tls)));
                check(inner);
            }
        }
    }

    private void check(Section section, PassTarget target, PeerTlsSettings set) {
        String prefix = target.protocol() + "_ssl_";
        checkKeys(section, prefix, set.keys());
        if (set.verification().on()) {
            checkAuthorities(section, prefix, set.verification());
        }
        if (!unchecked(section, prefix + "key_log").isEmpty()) {
            FileKeyLog.warn(section, prefix + "key_log", set.keys().log());
            new TlsEngineChecks(wanted, section, prefix).checkKeyLog();
        }
        boolean needsEngine = target.secure() || !set.negotiation().isUsual();
        if (needsEngine && negotiated.add(set.negotiation())) {
            new TlsEngineChecks(wanted, section, prefix).check(set.negotiation().terms());
        }
    }

    private void checkKeys(Section section, String prefix, PeerTlsSettings.Keys set) {
        files.check(section, prefix + "password_file", argument -> KeyPairFiles.passwords(argument.configPath()));
        List<Argument> certificates = unchecked(section, prefix + "certificate");
        if (certificates.isEmpty() || set.certificate().name().isEmpty()) {
            return;
        }
        TlsFileName certificate = set.certificate().name().get();
        List<Argument> keys = TlsFileChecks.arguments(section, prefix + "certificate_key");
        if (keys.isEmpty() || set.key().name().isEmpty()) {
            certificates.getLast().problem("no \"" + prefix + "certificate_key\" is defined for certificate \""
                    + certificates.getLast().text() + "\"");
        } else if (certificate.isFixed() && set.key().name().get().isFixed()) {
            files.checkPair(certificates.getLast(), keys.getLast(),
                    set.files(certificate.fixed(), set.key().name().get().fixed()));
        }
    }

    private void checkAuthorities(Section section, String prefix, PeerTlsSettings.Verification set) {
        if (set.trusted().isNone()) {
            unchecked(section, prefix + "verify").forEach(argument -> argument.problem("no \"" + prefix
                    + "trusted_certificate\" for \"" + prefix + "verify\""));
        }
        files.check(section, prefix + "trusted_certificate", argument -> KeyPairFiles.authorities(argument.configPath()));
        files.check(section, prefix + "crl", argument -> KeyPairFiles.revocations(argument.configPath()));
    }

    /// The arguments of a directive that were not checked for another block.
    private List<Argument> unchecked(Section section, String directive) {
        return TlsFileChecks.arguments(section, directive).stream()
                .filter(argument -> checked.add(argument.word().position())).toList();
    }
}
