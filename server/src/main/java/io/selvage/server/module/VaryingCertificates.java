package io.selvage.server.module;

import io.selvage.server.acme.CertificateSlot;
import io.selvage.server.http.Exchange;
import io.selvage.server.observe.LogFiles;
import io.selvage.server.observe.Severity;
import io.selvage.server.route.LocationOptions;
import io.selvage.server.tls.CertificateSource;
import io.selvage.server.tls.CertifiedKey;
import io.selvage.server.tls.ClientHello;
import io.selvage.server.tls.WatchedKey;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// The certificates of a site of which some are ordered by the server itself, or known only when a client connects. If one of
/// those cannot be used, that is logged, and the client is offered the others.
///
/// @param site what variables need to know of it
/// @param logs takes why a certificate cannot be used, at the level `error` as in nginx
record VaryingCertificates(List<WatchedKey> fixed, List<CertificateSlot> ordered, List<VaryingKey> varying,
        LocationOptions site, LogFiles logs)
        implements CertificateSource {
    VaryingCertificates {
        fixed = List.copyOf(fixed);
        ordered = List.copyOf(ordered);
        varying = List.copyOf(varying);
    }

    @Override
    public List<CertifiedKey> keysFor(ClientHello hello) {
        List<CertifiedKey> keys = new ArrayList<>();
        fixed.forEach(key -> keys.add(key.current()));
        ordered.forEach(slot -> slot.current().ifPresent(issued -> keys.addAll(issued.keys())));
        if (varying.isEmpty()) {
            return keys;
        }
        Exchange exchange = new HandshakeClient(hello).exchange();
        site.enter(exchange);
        for (VaryingKey key : varying) {
            try {
                keys.add(key.of(exchange));
            } catch (IOException e) {
                logs.main().log(Severity.ERROR, String.valueOf(e.getMessage()));
            }
        }
        return keys;
    }
}
