package io.selvage.server.auth;

import io.selvage.server.engine.BlockingExecutor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/// Verifies passwords of users with the files that have their hashes. Any thread; the calling virtual thread parks while a file
/// is read or a hash computed.
///
/// A client can ask for any number of slow hashes, so at most half of the processors compute them. Other requests wait, up to a
/// bound.
public final class Passwords {
    /// How many requests may wait for a slow hash.
    public static final int MOST_WAITING = 1024;

    private final PasswordFiles files = new PasswordFiles(InstantSource.system());
    private final VerifiedPasswords verified = new VerifiedPasswords();
    private final Semaphore computing = new Semaphore(Math.max(1, Runtime.getRuntime().availableProcessors() / 2));
    private final AtomicInteger waiting = new AtomicInteger();

    /// The result of a verification.
    public enum Verification {
        /// The password is right.
        MATCH,
        MISMATCH,
        /// The file has no such user.
        UNKNOWN_USER,
        /// The file has a hash of another kind than those of [PasswordHash].
        UNKNOWN_HASH,
        /// Too many requests wait.
        OVERLOADED
    }

    /// @param user each `char` is one byte, as in the password
    /// @throws java.nio.file.NoSuchFileException if there is no such file
    /// @throws IOException if the file cannot be read
    public Verification verify(Path file, String user, String password) throws IOException {
        byte[] bytes = password.getBytes(StandardCharsets.ISO_8859_1);
        var hash = BlockingExecutor.call(() -> files.read(file)).find(user);
        if (hash.isEmpty()) {
            return Verification.UNKNOWN_USER;
        }
        if (!hash.get().isKnown()) {
            return Verification.UNKNOWN_HASH;
        }
        return hash.get().isSlow() ? verifySlowly(hash.get(), bytes) : verification(hash.get().matches(bytes));
    }

    private Verification verifySlowly(PasswordHash hash, byte[] password) {
        if (verified.contains(hash, password)) {
            return Verification.MATCH;
        }
        try {
            if (waiting.incrementAndGet() > MOST_WAITING) {
                return Verification.OVERLOADED;
            }
            computing.acquireUninterruptibly();
        } finally {
            waiting.decrementAndGet();
        }
        try {
            return verification(BlockingExecutor.compute(() -> matches(hash, password)));
        } finally {
            computing.release();
        }
    }

    /// A request before this one may have had the same password.
    private boolean matches(PasswordHash hash, byte[] password) {
        boolean match = verified.contains(hash, password) || hash.matches(password);
        if (match) {
            verified.add(hash, password);
        }
        return match;
    }

    private static Verification verification(boolean match) {
        return match ? Verification.MATCH : Verification.MISMATCH;
    }
}
