package io.selvage.server.tls;

import java.util.List;

/// Which of several keys answers a client: the first whose signatures the client can check (RFC 8446 §4.2.3), with which in TLS
/// 1.2 a cipher suite of both sides works.
final class KeyChoice {
    private static final int RSA_PKCS1 = 1;
    private static final int ECDSA = 3;
    private static final int RSA_PSS = 8;

    private KeyChoice() {
    }

    /// @param keys at least one
    /// @return the first key if none suits: the engine then says why
    static CertifiedKey choose(List<CertifiedKey> keys, ClientHello hello, TlsParameters parameters) {
        if (keys.size() > 1) {
            for (CertifiedKey key : keys) {
                if (suits(key.key().getAlgorithm(), hello, parameters)) {
                    return key;
                }
            }
        }
        return keys.getFirst();
    }

    private static boolean suits(String algorithm, ClientHello hello, TlsParameters parameters) {
        boolean rsa = algorithm.startsWith("RSA");
        if (!hello.acceptsSignature(scheme -> isOf(algorithm, rsa, scheme))) {
            return false;
        }
        boolean tls13 = hello.offers(TlsVersion.TLS_1_3) && parameters.versions().contains(TlsVersion.TLS_1_3);
        return tls13 || CipherSuite.all().stream().anyMatch(suite -> works(suite, rsa)
                && hello.offersCipher(suite.id())
                && (parameters.ciphers().isEmpty() || parameters.ciphers().contains(suite.opensslName())));
    }

    /// Whether a signature scheme is one for a kind of key: the numbers of TLS 1.3, or hash and signature of TLS 1.2.
    private static boolean isOf(String algorithm, boolean rsa, int scheme) {
        int low = scheme & 0xff;
        int high = scheme >> 8;
        if (rsa) {
            return low == RSA_PKCS1 && high < RSA_PSS || high == RSA_PSS && low >= 4 && low <= 11 && low != 7 && low != 8;
        }
        return algorithm.equals("EC") ? low == ECDSA && high < RSA_PSS : high == RSA_PSS && (low == 7 || low == 8);
    }

    private static boolean works(CipherSuite suite, boolean rsa) {
        String name = suite.standardName();
        return rsa ? name.contains("_RSA_WITH_") : name.contains("_ECDSA_WITH_");
    }
}
