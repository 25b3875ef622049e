package io.selvage.server.http1;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class LeniencyTest {

    @Test
    void everyLeniencyIsInTheRecordWithItsStandard() throws IOException {
        Path page = Path.of(System.getProperty("selvage.root"), "server/leniencies.md");
        List<String> recorded = Files.readAllLines(page).stream().filter(line -> line.matches("\\| `[A-Z_]+` \\|.*"))
                .map(line -> line.replaceAll("\\| `([A-Z_]+)` \\| ([^|]+) \\|.*", "$1: $2")).toList();

        assertEquals(Arrays.stream(Leniency.values()).map(each -> each + ": " + each.rule()).toList(), recorded);
        assertTrue(Arrays.stream(Leniency.values()).noneMatch(each -> each.meaning().isEmpty()));
    }
}
