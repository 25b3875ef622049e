package io.selvage.server.effects;

import io.selvage.server.config.ConfigProblems;
import io.selvage.server.module.Modules;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Where the admin API listens.
@Timeout(60)
class AdminDirectivesTest {
    private static final String REST = " events { } http { server { listen 127.0.0.1:0; } }";

    @TempDir
    private Path folder;

    @Test
    @Effect("admin")
    void adminServesTheAdminApi() throws Exception {
        try (ServerProcess server = ServerProcess.start(folder, "error_log stderr notice; admin 127.0.0.1:0;" + REST);
                HttpClient client = HttpClient.newHttpClient()) {
            String line = server.awaitLine("the admin API listens on ");
            String address = line.substring(line.lastIndexOf(' ') + 1);
            server.awaitLine("started");
            assertEquals(200, client.send(HttpRequest.newBuilder(URI.create("http://" + address + "/health/ready")).build(),
                    BodyHandlers.discarding()).statusCode());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:8081", "localhost:8081", "[::1]:8081", "unix:/run/selvage.sock",
        "0.0.0.0:8081 token=0123456789abcdef", "8.8.8.8:80 token_file=/etc/selvage/token"})
    void theAddressMayBeOfThisMachineOrHaveAToken(String words) throws ConfigProblems {
        Modules.LANGUAGE.parse("admin " + words + ";" + REST);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            localhost                              | 1:7: no port in "localhost" of "admin"
            192.0.2.1:8081                         | 1:7: "admin" on "192.0.2.1:8081" needs a "token" or
            0.0.0.0:8081                           | 1:7: "admin" on "0.0.0.0:8081" needs a "token" or
            127.0.0.1:8081 token=short             | 1:22: "token" of "admin" needs 16 to 512 characters
            127.0.0.1:8081 token=a,b,c,d,e,f,g,h,i | 1:22: "token" of "admin" needs 16 to 512 characters
            127.0.0.1:8081 ssl                     | 1:22: "admin" has no parameter "ssl"
            """)
    void whatCannotWorkIsRefused(String words, String problem) {
        ConfigProblems refused = assertThrows(ConfigProblems.class, () -> Modules.LANGUAGE.parse("admin " + words + ";" + REST));
        assertTrue(refused.getMessage().startsWith("configuration:" + problem), refused::getMessage);
    }

    @Test
    void adminIsThereOnce() {
        assertThrows(ConfigProblems.class, () -> Modules.LANGUAGE.parse("admin unix:/a; admin unix:/b;" + REST));
    }
}
