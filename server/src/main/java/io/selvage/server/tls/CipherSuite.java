package io.selvage.server.tls;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import static java.nio.charset.StandardCharsets.US_ASCII;

/// The names of a cipher suite. Those of TLS 1.2 and below differ between the two worlds.
///
/// @param id its number on the wire
/// @param standardName the name of IANA, which the JDK uses too, such as `TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256`
/// @param opensslName the name of OpenSSL, which nginx uses too, such as `ECDHE-RSA-AES128-GCM-SHA256`
public record CipherSuite(int id, String standardName, String opensslName) {
    private static final int HEX = 16;
    private static final List<CipherSuite> ALL = load();
    private static final Map<Integer, CipherSuite> BY_ID = new HashMap<>();
    private static final Map<String, CipherSuite> BY_NAME = new HashMap<>();

    static {
        for (CipherSuite suite : ALL) {
            BY_ID.put(suite.id, suite);
            BY_NAME.put(suite.standardName, suite);
            BY_NAME.put(suite.opensslName, suite);
        }
    }

    private static List<CipherSuite> load() {
        try (InputStream in = CipherSuite.class.getResourceAsStream("cipher-suites")) {
            if (in == null) {
                throw new IllegalStateException("the resource cipher-suites is missing");
            }
            List<CipherSuite> suites = new ArrayList<>();
            new String(in.readAllBytes(), US_ASCII).lines().filter(line -> !line.startsWith("#")).forEach(line -> {
                String[] words = line.split(" ");
                suites.add(new CipherSuite(Integer.parseInt(words[0], HEX), words[1], words[2]));
            });
            return List.copyOf(suites);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Those with a name in OpenSSL, by their numbers; more than any engine knows.
    public static List<CipherSuite> all() {
        return ALL;
    }

    /// The suite with one of the two names.
    public static Optional<CipherSuite> named(String name) {
        return Optional.ofNullable(BY_NAME.get(name));
    }

    /// Whether it is one of TLS 1.3, which older versions cannot use.
    public boolean isOfTls13() {
        return id >> 8 == 0x13;
    }

    /// The OpenSSL name of a number, or the number as `0x1301`.
    public static String nameOf(int id) {
        CipherSuite known = BY_ID.get(id);
        return known == null ? String.format("0x%04x", id) : known.opensslName;
    }
}
