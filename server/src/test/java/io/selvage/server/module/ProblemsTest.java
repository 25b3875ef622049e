package io.selvage.server.module;

import io.selvage.server.config.Config;
import io.selvage.server.config.ConfigProblems;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

/// The messages for mistakes, and their positions.
class ProblemsTest {
    private static final String MARKS = "{};\"'\\$# \n:=/[]()*~0k-@.";

    private static final String VALID = """
            events { worker_connections 10; }
            http {
                types { text/html html; }
                map $uri $m { hostnames; .a 1; ~*^(x{2})$ $1; \\include 2; '' 3; default "$n_1;"; }
                geo $arg_a $g { default 0; 10.0.0.0/8 a; ::/0 b; delete 10.0.0.0/8; proxy ::1; proxy_recursive; }
                geo $r { ranges; 10.0.0.0-10.0.0.9 a; }
                split_clients $m-$g $s { 0.5% $a; * b; }
                upstream app { server a:1 weight=2; least_conn; keepalive 3; }
                limit_req_zone $remote_addr zone=z:1m rate=2r/s;
                server {
                    listen 127.0.0.1:80 default_server;
                    server_name .a.example ~^(?<n_1>\\d+)\\.b$;
                    location ~ "^/x{2}/([^/]+)$" {
                        proxy_pass http://app; proxy_redirect ~^http://a/ /$1; limit_req zone=z burst=5;
                    }
                    location /y {
                        alias /z/; expires modified +1h; error_page 404 =200 /n; access_log /l combined if=$n_1; allow ::1/64;
                    }
                    return 301 https://$host;
                }
            }
            """;

    @Test
    void allProblemsAreReportedInOrder() {
        assertEquals("""
                configuration:3:5: unknown directive "proxy_buffring" (did you mean "proxy_buffering"?)
                configuration:5:29: "keepalive_requests" needs a number, got "many"
                configuration:6:23: "listen" has no parameter "sll"
                3 problems; nothing was started""", refusal("""
                server {
                    listen 80;
                    proxy_buffring off;
                }
                server { keepalive_requests many;
                  listen 127.0.0.1:81 sll; }
                """));
    }

    @Test
    void oneProblemIsSingular() {
        assertEquals("configuration:1:1: unknown directive \"nothing\"", refusal("nothing;"));
    }

    static Stream<Arguments> mistakes() throws IOException {
        try (InputStream in = ProblemsTest.class.getResourceAsStream("problems.txt")) {
            String[] mistakes = new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n\n");
            return Stream.of(mistakes).skip(1).map(mistake -> {
                int problems = mistake.indexOf("\n    ");
                String expected = mistake.substring(problems).stripTrailing().stripIndent().strip();
                return Arguments.of(mistake.substring(0, problems), expected);
            });
        }
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void mistakeIsReportedWithItsPosition(String text, String problems) {
        assertEquals(problems, refusal(text).lines().filter(line -> line.startsWith("configuration")).collect(joining("\n")));
    }

    @Test
    void defaultServersAndSocketOptionsAreUnique() {
        assertEquals("""
                configuration:2:10: a second default server for 0.0.0.0:80, the first is at configuration:1:10
                configuration:3:10: a second time socket options for 0.0.0.0:81, the first is at configuration:2:38
                2 problems; nothing was started""", refusal("""
                server { listen 80 default_server; }
                server { listen 80 default_server;   listen 81 backlog=5; }
                server { listen 81 reuseport; }
                """));
    }

    @Test
    void problemOfAnInheritedSettingIsReportedOnce() {
        String problem = "configuration:1:17: \"proxy_buffering\" needs \"on\" or \"off\", got \"x\"";
        assertEquals(problem, refusal("proxy_buffering x; server { location /a { } location /b { } }"));
        assertEquals(problem, refusal("proxy_buffering x; log_format a b; server { proxy_buffering on; }"));
    }

    @Test
    void fileTruncatedAtAnyByteIsRefusedOrRead() {
        for (int cut = 0; cut <= VALID.length(); cut++) {
            readOrRefused(VALID.substring(0, cut));
        }
    }

    @RepeatedTest(1_000)
    void randomTextCausesNoOtherException(RepetitionInfo run) {
        var random = new SplittableRandom(run.getCurrentRepetition());
        var text = new StringBuilder(VALID);
        for (int i = random.nextInt(6); i >= 0; i--) {
            int at = random.nextInt(text.length());
            switch (random.nextInt(3)) {
                case 0 -> text.setCharAt(at, MARKS.charAt(random.nextInt(MARKS.length())));
                case 1 -> text.deleteCharAt(at);
                default -> text.insert(at, VALID, random.nextInt(10), 10 + random.nextInt(20));
            }
        }
        readOrRefused(text.toString());
    }

    /// Any exception but [ConfigProblems] fails the test. A configuration that loads must be the same after printing.
    private static void readOrRefused(String text) {
        Config config;
        try {
            config = Modules.LANGUAGE.parse(text);
        } catch (ConfigProblems refused) {
            assertEquals(refused.problems().stream().sorted().toList(), List.copyOf(refused.problems()));
            return;
        }
        try {
            assertEquals(config, Modules.LANGUAGE.parse(Modules.LANGUAGE.print(config)), text);
        } catch (ConfigProblems e) {
            throw new AssertionError(text + "\n" + Modules.LANGUAGE.print(config), e);
        }
    }

    private static String refusal(String text) {
        return assertThrows(ConfigProblems.class, () -> Modules.LANGUAGE.parse(text)).getMessage();
    }
}
