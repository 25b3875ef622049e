package io.selvage.server.tls;

import java.security.SecureRandom;
import java.util.Arrays;

/// A key that encrypts session tickets (RFC 5077 §4), as the 48 or 80 bytes that nginx and OpenSSL keep in a file: 16 bytes of
/// name, then keys of 16 bytes each for AES-128 and HMAC, or of 32 bytes each for HMAC and AES-256. Immutable; compared by value.
///
/// Engines that lack [TlsCapability#LONG_TICKET_KEYS] take the 48 bytes only.
public final class TicketKey {
    /// The size of a key for AES-128.
    public static final int SHORT = 48;
    /// The size of a key for AES-256.
    public static final int LONG = 80;

    private final byte[] bytes;

    private TicketKey(byte[] bytes) {
        this.bytes = bytes;
    }

    /// @throws IllegalArgumentException if these are not 48 or 80 bytes
    public static TicketKey of(byte[] bytes) {
        if (bytes.length != SHORT && bytes.length != LONG) {
            throw new IllegalArgumentException("a ticket key has 48 or 80 bytes, not " + bytes.length);
        }
        return new TicketKey(bytes.clone());
    }

    /// A new key of 48 bytes.
    public static TicketKey random() {
        byte[] bytes = new byte[SHORT];
        new SecureRandom().nextBytes(bytes);
        return new TicketKey(bytes);
    }

    /// A copy of the bytes.
    public byte[] bytes() {
        return bytes.clone();
    }

    /// True for a key of 80 bytes, which needs [TlsCapability#LONG_TICKET_KEYS].
    public boolean isLong() {
        return bytes.length == LONG;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TicketKey key && Arrays.equals(bytes, key.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /// Shows nothing of the key.
    @Override
    public String toString() {
        return "TicketKey";
    }
}
