package io.selvage.server.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

/// Every seed, and every input that a fuzzer found a fault with, holds what its target checks.
class SeedsTest {

    @TestFactory
    Stream<DynamicContainer> everySeedPasses() {
        return Arrays.stream(FuzzTarget.values()).map(target -> DynamicContainer.dynamicContainer(target.id(), tests(target)));
    }

    private static Stream<DynamicTest> tests(FuzzTarget target) {
        try {
            return target.seedFiles().stream()
                    .map(seed -> DynamicTest.dynamicTest(seed.getFileName().toString(),
                            () -> target.check(Files.readAllBytes(seed))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void everyTargetHasSeedsAndEveryFolderHasATarget() throws IOException {
        for (FuzzTarget target : FuzzTarget.values()) {
            assertFalse(target.seedFiles().isEmpty(), target.id());
        }
        Set<String> targets = Arrays.stream(FuzzTarget.values()).map(FuzzTarget::id).collect(Collectors.toSet());
        try (Stream<Path> folders = Files.list(FuzzTarget.CHUNK.seeds().resolveSibling("")).filter(Files::isDirectory)) {
            assertEquals(targets, folders.map(folder -> folder.getFileName().toString()).collect(Collectors.toSet()));
        }
    }
}
