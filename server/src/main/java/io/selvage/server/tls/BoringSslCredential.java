package io.selvage.server.tls;

import io.netty.handler.ssl.OpenSslCredential;
import io.netty.handler.ssl.OpenSslCredentialBuilder;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.internal.tcnative.SSL;
import io.netty.internal.tcnative.SSLCredential;
import java.lang.ref.Reference;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;

/// A key with its certificates in the form of BoringSSL, which many connections share. Its memory outside the heap is freed when
/// it is unreachable and no connection has it any more. Any thread.
final class BoringSslCredential {
    private final CertifiedKey key;
    private final OpenSslCredential netty;

    private BoringSslCredential(CertifiedKey key, OpenSslCredential netty) {
        this.key = key;
        this.netty = netty;
        BoringSslHandles.freeBehind(this, netty::release);
    }

    /// @throws GeneralSecurityException if BoringSSL cannot use the key
    static BoringSslCredential of(CertifiedKey key) throws GeneralSecurityException {
        try {
            OpenSslCredential made =
                    OpenSslCredentialBuilder.forX509(key.key(), key.chain().toArray(X509Certificate[]::new)).build();
            BoringSslCredential credential = new BoringSslCredential(key, made);
            if (key.ocspResponse().isPresent()) {
                SSLCredential.setOcspResponse(BoringSslHandles.of(made), key.ocspResponse().get());
            }
            return credential;
        } catch (Exception e) {
            throw new GeneralSecurityException("BoringSSL cannot use the key: " + FailureText.of(e), e);
        }
    }

    /// True if it was made of this key.
    boolean isOf(CertifiedKey other) {
        return key == other;
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
