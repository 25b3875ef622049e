package io.selvage.server.auth;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Passwords that matched a slow hash, so that the next request with the same one need not wait for the hash again. It keeps no
/// password, only a keyed digest whose key is random and exists in the memory of this process alone. A changed hash is another
/// entry, so a changed or removed password does not match here. Any thread.
final class VerifiedPasswords {
    /// How many are kept.
    static final int MOST = 1024;
    private static final String ALGORITHM = "HmacSHA256";

    private final SecretKeySpec key;
    // Eldest use first; guarded by this.
    private final SequencedMap<PasswordHash, byte[]> digests = new LinkedHashMap<>(16, 0.75f, true);

    VerifiedPasswords() {
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        this.key = new SecretKeySpec(random, ALGORITHM);
    }

    boolean contains(PasswordHash hash, byte[] password) {
        byte[] digest = digest(hash, password);
        byte[] known;
        synchronized (this) {
            known = digests.get(hash);
        }
        return known != null && MessageDigest.isEqual(known, digest);
    }

    void add(PasswordHash hash, byte[] password) {
        byte[] digest = digest(hash, password);
        synchronized (this) {
            digests.put(hash, digest);
            if (digests.size() > MOST) {
                digests.pollFirstEntry();
            }
        }
    }

    private byte[] digest(PasswordHash hash, byte[] password) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            mac.update(hash.text().getBytes(StandardCharsets.ISO_8859_1));
            mac.update((byte) 0);
            return mac.doFinal(password);
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException(e);
        }
    }
}
