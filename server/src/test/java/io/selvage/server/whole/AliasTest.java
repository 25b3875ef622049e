package io.selvage.server.whole;

import io.selvage.server.net.Io;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.junit.jupiter.api.Assertions.assertTrue;

/// The mapping from a path to a file with `alias`, with and without a regular expression.
@Timeout(60)
class AliasTest {
    private TestServer server;

    @BeforeEach
    void start() throws IOException {
        server = TestServer.nginx(Io.jdk(), """
                server {
                    listen 127.0.0.1:0;
                    location ~ ^/named/(.+)$ { alias store/$1; }
                    location ~ ^/folder/(.*)$ { alias store/$1; index none.txt a.txt; }
                    location ~ ^/tried { alias store; try_files $uri =404; }
                    location /nested/ { alias store/; location ~ \\.txt$ { add_header X-Kind text; } }
                    location /nested-tried/ { alias store/; location ~ \\.txt$ { try_files $uri =404; } }
                }
                """, "store/a.txt", "plain", "store/tried.txt", "whole path");
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    @Test
    void aliasOfARegexLocationIsTheFileName() throws IOException {
        assertEnds("plain", server.get("/named/a.txt"));
    }

    @Test
    void indexFilesOfARegexLocationAreInItsAlias() throws IOException {
        assertEnds("plain", server.get("/folder/"));
    }

    @Test
    void tryFilesAppendsThePathToTheAliasOfARegexLocation() throws IOException {
        assertEnds("whole path", server.get("/tried.txt"));
    }

    @Test
    void aliasOfAPrefixAppliesInANestedLocation() throws IOException {
        assertEnds("plain", server.get("/nested/a.txt"));
        assertEnds("plain", server.get("/nested-tried/a.txt"));
    }

    private static void assertEnds(String body, String answer) {
        assertTrue(answer.startsWith("HTTP/1.1 200 ") && answer.endsWith("\r\n\r\n" + body), answer);
    }
}
