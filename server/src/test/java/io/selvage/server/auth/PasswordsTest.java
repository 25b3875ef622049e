package io.selvage.server.auth;

import io.selvage.server.auth.Passwords.Verification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.InstantSource;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class PasswordsTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final String HASH = "$2b$04$abcdefghijklmnopqrstuu2r9OfJnfCsdneAXAGHnS4UpFFP8WIrW";   // of "secret"

    @TempDir
    private Path folder;

    private Path file(String content, Instant changed) throws IOException {
        Path file = Files.writeString(folder.resolve("users"), content);
        Files.setLastModifiedTime(file, FileTime.from(changed));
        return file;
    }

    @Test
    void passwordsAreVerified() throws IOException {
        Path file = file("u:" + HASH + "\nplain:{PLAIN}a\nyes:$y$j9T$x$y\n", NOW);
        Passwords passwords = new Passwords();
        for (int i = 0; i < 2; i++) {
            assertEquals(Verification.MATCH, passwords.verify(file, "u", "secret"));
            assertEquals(Verification.MISMATCH, passwords.verify(file, "u", "other"));
        }
        assertEquals(Verification.MATCH, passwords.verify(file, "plain", "a"));
        assertEquals(Verification.MISMATCH, passwords.verify(file, "plain", "b"));
        assertEquals(Verification.UNKNOWN_USER, passwords.verify(file, "v", "secret"));
        assertEquals(Verification.UNKNOWN_HASH, passwords.verify(file, "yes", "secret"));
        assertThrows(NoSuchFileException.class, () -> passwords.verify(folder.resolve("none"), "u", "secret"));
    }

    @Test
    void changedFileCountsAtOnce() throws IOException {
        Passwords passwords = new Passwords();
        assertEquals(Verification.MATCH, passwords.verify(file("u:" + HASH, NOW), "u", "secret"));
        assertEquals(Verification.UNKNOWN_USER, passwords.verify(file("v:" + HASH, NOW.plusMillis(1)), "u", "secret"));
        assertEquals(Verification.MISMATCH, passwords.verify(file("u:{PLAIN}x", NOW.plusMillis(2)), "u", "secret"));
    }

    @Test
    void fileIsReadAgainOnlyIfItMayHaveChanged() throws IOException {
        PasswordFiles files = new PasswordFiles(InstantSource.fixed(NOW));
        Path settled = file("u:x", NOW.minusSeconds(10));
        PasswordFile first = files.read(settled);
        assertSame(first, files.read(settled));
        Path fresh = file("u:y", NOW.minusMillis(100));
        PasswordFile second = files.read(fresh);
        assertNotSame(first, second);
        assertNotSame(second, files.read(fresh));
    }

    @Test
    void verifiedPasswordsAreBounded() {
        VerifiedPasswords verified = new VerifiedPasswords();
        byte[] password = {1, 2};
        IntStream.rangeClosed(0, VerifiedPasswords.MOST).forEach(i -> verified.add(new PasswordHash("h" + i), password));
        assertFalse(verified.contains(new PasswordHash("h0"), password));
        assertTrue(verified.contains(new PasswordHash("h1"), password));
        assertFalse(verified.contains(new PasswordHash("h1"), new byte[] {1}));
    }
}
