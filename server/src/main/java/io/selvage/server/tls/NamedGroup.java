package io.selvage.server.tls;

import java.util.Optional;

/// Groups for the key exchange (RFC 8446 §4.2.7), with their names.
public enum NamedGroup {
    SECP224R1(21, "secp224r1", "secp224r1"),
    SECP256R1(23, "prime256v1", "secp256r1"),
    SECP384R1(24, "secp384r1", "secp384r1"),
    SECP521R1(25, "secp521r1", "secp521r1"),
    BRAINPOOL_P256R1(26, "brainpoolP256r1", "brainpoolP256r1"),
    BRAINPOOL_P384R1(27, "brainpoolP384r1", "brainpoolP384r1"),
    BRAINPOOL_P512R1(28, "brainpoolP512r1", "brainpoolP512r1"),
    X25519(29, "X25519", "x25519"),
    X448(30, "X448", "x448"),
    FFDHE2048(256, "ffdhe2048", "ffdhe2048"),
    FFDHE3072(257, "ffdhe3072", "ffdhe3072"),
    FFDHE4096(258, "ffdhe4096", "ffdhe4096"),
    FFDHE6144(259, "ffdhe6144", "ffdhe6144"),
    FFDHE8192(260, "ffdhe8192", "ffdhe8192"),
    X25519_MLKEM768(4588, "X25519MLKEM768", "X25519MLKEM768");

    private final int id;
    private final String opensslName;
    private final String standardName;

    NamedGroup(int id, String opensslName, String standardName) {
        this.id = id;
        this.opensslName = opensslName;
        this.standardName = standardName;
    }

    /// Its number on the wire.
    public int id() {
        return id;
    }

    /// As OpenSSL and nginx call it.
    public String opensslName() {
        return opensslName;
    }

    /// As IANA and the JDK call it.
    public String standardName() {
        return standardName;
    }

    /// The group with this name, one of the two, or the name of NIST (`P-256`); upper and lower case are the same.
    public static Optional<NamedGroup> named(String name) {
        for (NamedGroup group : values()) {
            if (group.opensslName.equalsIgnoreCase(name) || group.standardName.equalsIgnoreCase(name)
                    || group.nistName().equalsIgnoreCase(name)) {
                return Optional.of(group);
            }
        }
        return Optional.empty();
    }

    private String nistName() {
        return name().startsWith("SECP") ? "P-" + name().substring(4, 7) : opensslName;
    }

    /// The OpenSSL name of a number, or the number as `0x001d`.
    public static String nameOf(int id) {
        for (NamedGroup group : values()) {
            if (group.id == id) {
                return group.opensslName;
            }
        }
        return String.format("0x%04x", id);
    }
}
