package io.selvage.server.tls;

/// The cipher suites of TLS 1.2 and older that the server knows, in the order of preference that OpenSSL gives them. Those
/// without authentication or encryption are left out, as are RC4, 3DES, and suites that no current client needs.
public enum TlsCipher {
    ECDHE_ECDSA_AES256_GCM_SHA384("ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"),
    ECDHE_RSA_AES256_GCM_SHA384("ECDHE_RSA_WITH_AES_256_GCM_SHA384"),
    DHE_RSA_AES256_GCM_SHA384("DHE_RSA_WITH_AES_256_GCM_SHA384"),
    ECDHE_ECDSA_CHACHA20_POLY1305("ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256"),
    ECDHE_RSA_CHACHA20_POLY1305("ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256"),
    DHE_RSA_CHACHA20_POLY1305("DHE_RSA_WITH_CHACHA20_POLY1305_SHA256"),
    ECDHE_ECDSA_AES128_GCM_SHA256("ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"),
    ECDHE_RSA_AES128_GCM_SHA256("ECDHE_RSA_WITH_AES_128_GCM_SHA256"),
    DHE_RSA_AES128_GCM_SHA256("DHE_RSA_WITH_AES_128_GCM_SHA256"),
    ECDHE_ECDSA_AES256_SHA384("ECDHE_ECDSA_WITH_AES_256_CBC_SHA384"),
    ECDHE_RSA_AES256_SHA384("ECDHE_RSA_WITH_AES_256_CBC_SHA384"),
    DHE_RSA_AES256_SHA256("DHE_RSA_WITH_AES_256_CBC_SHA256"),
    ECDHE_ECDSA_AES128_SHA256("ECDHE_ECDSA_WITH_AES_128_CBC_SHA256"),
    ECDHE_RSA_AES128_SHA256("ECDHE_RSA_WITH_AES_128_CBC_SHA256"),
    DHE_RSA_AES128_SHA256("DHE_RSA_WITH_AES_128_CBC_SHA256"),
    ECDHE_ECDSA_AES256_SHA("ECDHE_ECDSA_WITH_AES_256_CBC_SHA"),
    ECDHE_RSA_AES256_SHA("ECDHE_RSA_WITH_AES_256_CBC_SHA"),
    DHE_RSA_AES256_SHA("DHE_RSA_WITH_AES_256_CBC_SHA"),
    ECDHE_ECDSA_AES128_SHA("ECDHE_ECDSA_WITH_AES_128_CBC_SHA"),
    ECDHE_RSA_AES128_SHA("ECDHE_RSA_WITH_AES_128_CBC_SHA"),
    DHE_RSA_AES128_SHA("DHE_RSA_WITH_AES_128_CBC_SHA"),
    AES256_GCM_SHA384("RSA_WITH_AES_256_GCM_SHA384"),
    AES128_GCM_SHA256("RSA_WITH_AES_128_GCM_SHA256"),
    AES256_SHA256("RSA_WITH_AES_256_CBC_SHA256"),
    AES128_SHA256("RSA_WITH_AES_128_CBC_SHA256"),
    AES256_SHA("RSA_WITH_AES_256_CBC_SHA"),
    AES128_SHA("RSA_WITH_AES_128_CBC_SHA");

    private final String standard;

    TlsCipher(String standard) {
        this.standard = "TLS_" + standard;
    }

    /// The name in OpenSSL, `ECDHE-RSA-AES128-GCM-SHA256`.
    public String openSsl() {
        return name().replace('_', '-');
    }

    /// The name in the registry of the IANA and in Java, `TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256`.
    public String standard() {
        return standard;
    }

    /// The bits of the symmetric key.
    int strength() {
        return has("AES128") ? 128 : 256;
    }

    /// Whether a word of OpenSSL's cipher strings stands for it: the name of a suite or of a group of them (ciphers(1)).
    boolean is(String word) {
        return openSsl().equals(word) || standard.equals(word) || isInGroup(word);
    }

    private boolean isInGroup(String word) {
        boolean elliptic = name().startsWith("ECDHE");
        boolean finite = name().startsWith("DHE");
        boolean gcm = has("GCM");
        boolean chacha = has("CHACHA20");
        return switch (word) {
            case "ALL", "HIGH" -> true;
            case "kECDHE", "kEECDH", "ECDHE", "EECDH", "ECDH" -> elliptic;
            case "kDHE", "kEDH", "DHE", "EDH", "DH" -> finite;
            case "kRSA", "RSA" -> !elliptic && !finite;
            case "aRSA" -> !has("ECDSA");
            case "aECDSA", "ECDSA" -> has("ECDSA");
            case "AES128", "AES256", "CHACHA20" -> has(word);
            case "AES", "FIPS" -> !chacha;
            case "AESGCM" -> gcm;
            case "CBC" -> !gcm && !chacha;
            case "SHA1", "SHA" -> name().endsWith("_SHA");
            case "SHA256", "SHA384" -> !gcm && name().endsWith("_" + word);
            case "TLSv1.2" -> gcm || chacha || !name().endsWith("_SHA");
            case "TLSv1", "TLSv1.0" -> elliptic && name().endsWith("_SHA");
            case "SSLv3" -> !elliptic && name().endsWith("_SHA");
            default -> false;
        };
    }

    private boolean has(String part) {
        return name().contains(part);
    }
}
