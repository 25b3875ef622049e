package io.selvage.server.acme;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class StateFolderTest {
    @TempDir
    private Path outer;

    @Test
    void filesAndFoldersBelongToTheOwnerOnly() throws Exception {
        StateFolder folder = created();
        folder.write("challenges/token", "text");

        assertEquals("rwx------", mode(folder.path()));
        assertEquals("rwx------", mode(folder.path().resolve("challenges")));
        assertEquals("rw-------", mode(folder.path().resolve("challenges/token")));
        folder.tryLock().orElseThrow().close();
        assertEquals("rw-------", mode(folder.path().resolve("lock")));
    }

    @Test
    void whatIsWrittenCanBeReadUntilItIsDeleted() throws Exception {
        StateFolder folder = created();
        assertEquals(Optional.empty(), folder.read("account.key"));
        assertEquals(Optional.empty(), folder.version("account.key"));

        folder.write("account.key", "one");
        Optional<Object> first = folder.version("account.key");
        folder.write("account.key", "two");

        assertEquals(Optional.of("two"), folder.read("account.key"));
        assertNotEquals(first, folder.version("account.key"));
        folder.delete("account.key");
        assertEquals(Optional.empty(), folder.read("account.key"));
        try (var rest = Files.list(folder.path())) {
            assertEquals(0, rest.count());
        }
    }

    @Test
    void aReaderNeverSeesHalfOfAFile() throws Exception {
        StateFolder folder = created();
        String one = "1".repeat(50_000);
        String two = "2".repeat(50_000);
        folder.write("account.key", one);
        AtomicBoolean done = new AtomicBoolean();
        CompletableFuture<Void> reader = CompletableFuture.runAsync(() -> {
            while (!done.get()) {
                String read = assertDoesNotFail(folder);
                assertTrue(read.equals(one) || read.equals(two), () -> read.length() + " characters");
            }
        });
        for (int i = 0; i < 50 && !reader.isDone(); i++) {
            folder.write("account.key", i % 2 == 0 ? two : one);
        }
        done.set(true);

        reader.join();
    }

    private static String assertDoesNotFail(StateFolder folder) {
        try {
            return folder.read("account.key").orElseThrow();
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void oneLockAtATime() throws Exception {
        StateFolder folder = created();
        StateFolder.Lock lock = folder.tryLock().orElseThrow();

        assertTrue(folder.tryLock().isEmpty());
        assertTrue(new StateFolder(folder.path()).tryLock().isEmpty());
        lock.close();

        folder.tryLock().orElseThrow().close();
    }

    private StateFolder created() throws Exception {
        StateFolder folder = new StateFolder(outer.resolve("deep/state"));
        folder.create();
        return folder;
    }

    private static String mode(Path path) throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
