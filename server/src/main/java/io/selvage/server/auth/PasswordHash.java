package io.selvage.server.auth;

import at.favre.lib.crypto.bcrypt.BCrypt;
import at.favre.lib.crypto.bcrypt.LongPasswordStrategies;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import org.apache.commons.codec.digest.Crypt;
import org.apache.commons.codec.digest.Md5Crypt;

/// The hash of a password as `htpasswd` and `crypt(3)` write it: `$apr1$`, `{PLAIN}`, `{SHA}`, `{SSHA}`, bcrypt (`$2a$`, `$2b$`,
/// `$2y$`), and crypt with SHA-512 (`$6$`), SHA-256 (`$5$`), MD5 (`$1$`) or DES (no prefix).
///
/// @param text as it is written; each `char` is one byte
record PasswordHash(String text) {
    private static final String PLAIN = "{PLAIN}";
    private static final String SHA = "{SHA}";
    private static final String SALTED_SHA = "{SSHA}";
    private static final String APACHE_MD5 = "$apr1$";
    private static final int SHA_BYTES = 20;
    /// The longest password that is hashed slowly, in bytes, as for `crypt(3)`: the time grows with the length, which is the
    /// client's.
    private static final int LONGEST_PASSWORD = 511;

    /// Whether a comparison is meant to take long.
    boolean isSlow() {
        return text.startsWith("$");
    }

    /// Whether a password can be compared with it.
    boolean isKnown() {
        return !text.startsWith("$") || text.startsWith(APACHE_MD5) || isBcrypt() || text.startsWith("$1$")
                || text.startsWith("$5$") || text.startsWith("$6$");
    }

    private boolean isBcrypt() {
        return text.startsWith("$2a$") || text.startsWith("$2b$") || text.startsWith("$2y$");
    }

    /// Compares a password. May take as long as the hash is meant to.
    boolean matches(byte[] password) {
        if (text.startsWith(PLAIN)) {
            return isEqual(bytes(text.substring(PLAIN.length())), password);
        }
        if (text.startsWith(SHA)) {
            return isEqual(decoded(SHA.length()), sha1(password, new byte[0]));
        }
        if (text.startsWith(SALTED_SHA)) {
            byte[] both = decoded(SALTED_SHA.length());
            return both.length >= SHA_BYTES && isEqual(Arrays.copyOf(both, SHA_BYTES),
                    sha1(password, Arrays.copyOfRange(both, SHA_BYTES, both.length)));
        }
        boolean comparable = isKnown() && password.length <= LONGEST_PASSWORD;
        return comparable && (isBcrypt() ? bcryptMatches(password) : cryptMatches(password));
    }

    /// As everywhere, bcrypt ignores what is behind the first 72 bytes of a password.
    private boolean bcryptMatches(byte[] password) {
        BCrypt.Version version = BCrypt.Version.VERSION_2A;
        return BCrypt.verifyer(version, LongPasswordStrategies.truncate(version)).verify(password, bytes(text)).verified;
    }

    private boolean cryptMatches(byte[] password) {
        try {
            String computed = text.startsWith(APACHE_MD5) ? Md5Crypt.apr1Crypt(password, text) : Crypt.crypt(password, text);
            return isEqual(bytes(computed), bytes(text));
        } catch (IllegalArgumentException _) {
            return false;                                      // no valid salt
        }
    }

    private byte[] decoded(int from) {
        try {
            return Base64.getDecoder().decode(bytes(text.substring(from)));
        } catch (IllegalArgumentException _) {
            return new byte[0];
        }
    }

    private static byte[] sha1(byte[] password, byte[] salt) {
        try {
            MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
            sha1.update(password);
            return sha1.digest(salt);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /// In a time that does not depend on where they differ.
    private static boolean isEqual(byte[] one, byte[] other) {
        return MessageDigest.isEqual(one, other);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
