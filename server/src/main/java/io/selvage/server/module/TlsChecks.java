package io.selvage.server.module;

import io.selvage.server.config.Address;
import io.selvage.server.config.Argument;
import io.selvage.server.config.Line;
import io.selvage.server.config.Section;
import io.selvage.server.route.VerifyClient;
import io.selvage.server.tls.KeyPairFiles;
import io.selvage.server.tls.TlsEngineChoice;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Reports what prevents the TLS of a configuration from working: missing certificates, files that cannot be used, and what the
/// engine cannot do. Files are read only on the machine that the configuration is for.
final class TlsChecks {
    private final TlsEngineChoice wanted;
    private final TlsFileChecks files = new TlsFileChecks();

    TlsChecks(TlsEngineChoice wanted) {
        this.wanted = wanted;
    }

    void check(Section http) {
        warnOfSwitch(http);
        for (Section server : http.inside(Contexts.SERVER)) {
            TlsSettings set = TlsSettings.of(server);
            warnOfSwitch(server);
            if (TlsModule.securesAddresses(server) && set.keys().certificates().isEmpty()) {
                server.scope().nearest(List.of("ssl")).getLast()
                        .problem("no \"ssl_certificate\" is defined for the \"ssl\" directive");
            }
            if (TlsPolicies.isUsed(server)) {
                checkKeys(server, set);
                checkClients(server, set);
                new TlsEngineChecks(wanted, server, "ssl_").check(set);
            }
        }
        checkListeners(http);
    }

    private static void warnOfSwitch(Section section) {
        section.scope().here("ssl").forEach(line -> line.warning("the \"ssl\" directive is deprecated, use the "
                + "\"listen ... ssl\" directive instead"));
    }

    private void checkKeys(Section server, TlsSettings set) {
        List<Argument> certificates = TlsFileChecks.arguments(server, "ssl_certificate");
        List<Argument> keys = TlsFileChecks.arguments(server, "ssl_certificate_key");
        for (int i = 0; i < certificates.size(); i++) {
            if (i >= keys.size()) {
                certificates.get(i).problem("no \"ssl_certificate_key\" is defined for certificate \""
                        + certificates.get(i).text() + "\"");
            } else {
                checkPair(set, i, certificates.get(i), keys.get(i));
            }
        }
    }

    /// Names with variables are known only when a client connects.
    private void checkPair(TlsSettings set, int index, Argument certificate, Argument key) {
        TlsFileName certificateName = set.keys().certificates().get(index);
        TlsFileName keyName = set.keys().keys().get(index);
        if (!certificateName.isFixed() || !keyName.isFixed()) {
            return;
        }
        files.checkPair(certificate, key, TlsPolicies.files(set, certificateName.fixed(), keyName.fixed()));
    }

    private void checkClients(Section server, TlsSettings set) {
        TlsSettings.ClientAuth clients = set.clients();
        boolean needsAuthorities = clients.verify() == VerifyClient.ON || clients.verify() == VerifyClient.OPTIONAL;
        if (needsAuthorities && clients.authorities().isNone() && clients.trusted().isNone()) {
            server.scope().nearest(List.of("ssl_verify_client")).getLast()
                    .problem("no \"ssl_client_certificate\" for \"ssl_verify_client\"");
        }
        FileKeyLog.warn(server, "ssl_key_log", set.keys().log());
        files.check(server, "ssl_client_certificate", argument -> KeyPairFiles.authorities(argument.configPath()));
        files.check(server, "ssl_trusted_certificate", argument -> KeyPairFiles.authorities(argument.configPath()));
        files.check(server, "ssl_crl", argument -> KeyPairFiles.revocations(argument.configPath()));
        files.check(server, "ssl_session_ticket_key", argument -> KeyPairFiles.ticketKey(argument.configPath()));
        files.check(server, "ssl_stapling_file", argument -> KeyPairFiles.ocspResponse(argument.configPath()));
        files.check(server, "ssl_password_file", argument -> KeyPairFiles.passwords(argument.configPath()));
    }

    /// An address with TLS needs a certificate, or a site that refuses handshakes. If its default site has one, clients get that
    /// for the names of the sites that have none.
    private static void checkListeners(Section http) {
        Map<Address, List<Section>> sites = new LinkedHashMap<>();
        Map<Address, Line> secure = new LinkedHashMap<>();
        for (Section server : http.inside(Contexts.SERVER)) {
            for (Line line : server.scope().here("listen")) {
                for (Listen listen : Listen.read(line)) {
                    List<Section> here = sites.computeIfAbsent(listen.address(), _ -> new ArrayList<>());
                    here.add(listen.defaultServer() ? 0 : here.size(), server);
                    if (listen.tls()) {
                        secure.putIfAbsent(listen.address(), line);
                    }
                }
            }
        }
        secure.forEach((address, line) -> {
            List<Section> here = sites.getOrDefault(address, List.of());
            boolean complete = here.stream().allMatch(TlsPolicies::isUsed);
            boolean standard = !TlsSettings.of(here.getFirst()).keys().certificates().isEmpty();
            if (!complete && !standard) {
                line.problem("no \"ssl_certificate\" is defined for the \"listen ... ssl\" directive");
            }
        });
    }
}
