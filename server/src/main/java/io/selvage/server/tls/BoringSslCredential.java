package io.selvage.server.tls;

import io.netty.handler.ssl.OpenSslCredential;
import io.netty.handler.ssl.OpenSslCredentialBuilder;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.internal.tcnative.SSL;
import io.netty.internal.tcnative.SSLCredential;
import java.lang.ref.Reference;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;

/// A key with its certificates in the form of BoringSSL, which all connections with that key share. Its memory outside the heap
/// is freed when the key is unreachable and no connection has it any more. Any thread.
final class BoringSslCredential {
    private static final Map<CertifiedKey, BoringSslCredential> OF_KEYS = Collections.synchronizedMap(new WeakHashMap<>());

    private final OpenSslCredential netty;

    private BoringSslCredential(OpenSslCredential netty) {
        this.netty = netty;
        BoringSslHandles.freeBehind(this, netty::release);
    }

    /// The credential of a key. The first call makes it, because that is costly.
    ///
    /// @throws GeneralSecurityException if BoringSSL cannot use the key
    static BoringSslCredential of(CertifiedKey key) throws GeneralSecurityException {
        BoringSslCredential known = OF_KEYS.get(key);
        if (known == null) {
            known = made(key);
            OF_KEYS.put(key, known);
        }
        return known;
    }

    private static BoringSslCredential made(CertifiedKey key) throws GeneralSecurityException {
        try {
            OpenSslCredential made =
                    OpenSslCredentialBuilder.forX509(key.key(), key.chain().toArray(X509Certificate[]::new)).build();
            BoringSslCredential credential = new BoringSslCredential(made);
            if (key.ocspResponse().isPresent()) {
                SSLCredential.setOcspResponse(BoringSslHandles.of(made), key.ocspResponse().get());
            }
            return credential;
        } catch (Exception e) {
            throw new GeneralSecurityException("BoringSSL cannot use the key: " + FailureText.of(e), e);
        }
    }

    /// Makes an engine show it, instead of asking for a key during the handshake: Netty would translate the names of all
    /// signature algorithms of the client for the answer.
    ///
    /// @param engine before its handshake
    void giveTo(ReferenceCountedOpenSslEngine engine) throws GeneralSecurityException {
        try {
            synchronized (engine) {
                SSL.addCredential(engine.sslPointer(), BoringSslHandles.of(netty));
            }
        } catch (Exception e) {
            throw new GeneralSecurityException(FailureText.of(e), e);
        } finally {
            Reference.reachabilityFence(this);
        }
    }
}
