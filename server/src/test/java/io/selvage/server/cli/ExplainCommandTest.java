package io.selvage.server.cli;

import io.selvage.server.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ExplainCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    @BeforeEach
    void writeConfiguration() throws IOException {
        Files.writeString(folder.resolve("a.conf"), """
                events { }
                http {
                    server {
                        listen 8080;
                        server_name shop.example;
                        location / { return 204; }
                        location /app { allow 10.0.0.0/8; deny all; proxy_pass http://127.0.0.1:8000; }
                    }
                }
                """);
    }

    private int explain(String... arguments) {
        List<String> all = new ArrayList<>(List.of("explain", "-c", folder.resolve("a.conf").toString()));
        all.addAll(List.of(arguments));
        CommandLine command = SelvageCommand.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return command.execute(all.toArray(String[]::new));
    }

    @Test
    void printsATree() {
        assertEquals(0, explain("http://shop.example:8080/"));
        assertEquals("", err.toString());
        assertTrue(out.toString().startsWith("GET http://shop.example:8080/  from 127.0.0.1\n\nlistener  0.0.0.0:8080  "),
                out::toString);
        assertTrue(out.toString().contains("\nlocation  /  for / (" + folder + "/a.conf:6)\n"), out::toString);
        assertTrue(out.toString().contains("\nrewrite   return 204  answers 204\n"), out::toString);
    }

    @Test
    void printsJson() {
        assertEquals(0, explain("--json", "POST", "/app/x", "-H", "Host: other", "-H", "X: y", "--client", "10.1.2.3"));

        var root = Json.object(out.toString().strip());
        assertEquals("/app", root.get("location"));
        assertEquals("proxy", root.get("handler"));
    }

    @Test
    void clientMayBeAnother() {
        assertEquals(0, explain("--json", "/app/x"));
        assertEquals(403L, Json.object(out.toString().strip()).get("status"));
    }

    @Test
    void wrongRequestsAreWrongCommandLines() {
        assertEquals(2, explain("shop"));
        assertTrue(err.toString().startsWith("\"shop\" is neither a URL that begins with http:// or https:// nor a path\n"),
                err::toString);
        assertEquals(2, explain());
        assertEquals(2, explain("A", "B", "C"));
        assertEquals(2, explain("/", "-H", "no field"));
        assertEquals(2, explain("/", "--client", "here"));
    }

    @Test
    void addressWithoutListenerFails() {
        assertEquals(1, explain("http://shop.example/"));
        assertEquals("selvage: the configuration does not listen on port 80 for shop.example; it listens on 0.0.0.0:8080\n",
                err.toString());
        assertEquals("", out.toString());
    }

    @Test
    void problemsOfTheConfigurationAreReported() throws IOException {
        Files.writeString(folder.resolve("a.conf"), "events { } http { server { listen 8080; lisen 1; } }");
        assertEquals(1, explain("/"));
        assertTrue(err.toString().contains("a.conf:1:41: unknown directive \"lisen\""), err::toString);
    }

    @Test
    void missingFileIsReported() throws IOException {
        Files.delete(folder.resolve("a.conf"));
        assertEquals(1, explain("/"));
        assertTrue(err.toString().contains("a.conf"), err::toString);
    }
}
