package io.selvage.server.module;

import io.selvage.server.config.Config;
import io.selvage.server.config.ConfigProblems;
import io.selvage.server.config.Section;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;

/// The argument of `proxy_pass`.
class PassTargetTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "http://app            | app                      | app         |",
        "http://app/           | app                      | app         | /",
        "http://APP.example:81 | APP.example:81         | APP.example:81 |",
        "http://a:80/x?y       | a:80                   | a           | /x?y",
        "HTTP://[::1]          | [::1]:80               | [::1]       |",
        "http://unix:/a:/x     | unix:/a                | localhost   | /x",
        "http://unix:/a        | unix:/a                | localhost   |",
    })
    void targetHasAnAuthorityAndAnOptionalPath(String url, String target, String authority, String path)
            throws ConfigProblems {
        Config config = Modules.LANGUAGE.parse("upstream app { server a; } server { location /a { proxy_pass " + url + "; } }");
        Section server = config.block(Contexts.HTTP).inside(Contexts.SERVER).getFirst();
        PassTarget proxy = server.inside(Contexts.LOCATION).getFirst().get(UpstreamModule.UpstreamSettings.class).target()
                .orElseThrow();
        assertEquals(target, proxy.peers().toString());
        assertEquals(authority == null ? "" : authority, proxy.authority());
        assertEquals(path == null ? "" : path, proxy.path());
    }
}
