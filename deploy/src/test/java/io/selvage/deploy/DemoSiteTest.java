package io.selvage.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class DemoSiteTest {
    private static final DemoSite.Address ADDRESS = new DemoSite.Address(8080, false, "admin 127.0.0.1:8081;\n");

    @TempDir
    private Path folder;

    @Test
    void unpacksEveryPage() throws IOException {
        DemoSite.unpack(folder, ADDRESS, List.of(1));
        for (String name : DemoSite.FILES) {
            assertTrue(Files.size(folder.resolve("site").resolve(name)) > 0, name);
        }
    }

    @Test
    void deletesItsFolder() throws IOException {
        Path own = folder.resolve("own");
        DemoSite.unpack(own, ADDRESS, List.of(1)).close();
        assertFalse(Files.exists(own));
    }

    @Test
    void unpacksOverAnEarlierDemo() throws IOException {
        DemoSite.unpack(folder, ADDRESS, List.of(1));
        assertEquals(DemoSite.unpack(folder, new DemoSite.Address(8081, false, ""), List.of(2)), new DemoSite(folder));
    }

    @Test
    void configurationNamesThePortAndEveryPeer() throws IOException {
        String text = Files.readString(DemoSite.unpack(folder, ADDRESS, List.of(5001, 5002)).configuration());
        assertEquals(List.of("server 127.0.0.1:5001;", "server 127.0.0.1:5002;", "listen 127.0.0.1:8080;"),
                text.lines().map(String::strip).filter(line -> line.matches("(server|listen) 127.*")).toList());
    }
}
