package io.selvage.server.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

class InheritanceTest {

    @Test
    void aSettingComesFromTheNearestBlockThatHasIt() throws ConfigProblems {
        Config config = Configs.parse("""
                send_timeout 1s;
                client_max_body_size 1k;
                server {
                    send_timeout 2s;
                    location /a { send_timeout 3s; location /a/b { } }
                    location /c { }
                }
                """);
        Function<LocationConfig, String> timeout = location -> Values.time(location.settings().client().sendTimeout());
        LocationConfig server = config.http().servers().getFirst().own();
        assertEquals("2s", timeout.apply(server));
        assertEquals("3s", timeout.apply(location(config, 0)));
        assertEquals("3s", timeout.apply(location(config, 0).locations().getFirst()));
        assertEquals("2s", timeout.apply(location(config, 1)));
        assertEquals(1024, location(config, 1).settings().client().maxBodySize());
    }

    @Test
    void aListIsInheritedOnlyWhereNoneOfItsDirectivesStands() throws ConfigProblems {
        Config config = Configs.parse("""
                add_header X-A 1;
                add_header X-B 2;
                deny all;
                server {
                    location /a { add_header X-C 3; }
                    location /b { allow 10.0.0.0/8; }
                }
                """);
        assertEquals(List.of("X-C"), headers(location(config, 0)));
        assertEquals(List.of("X-A", "X-B"), headers(location(config, 1)));
        assertEquals(List.of("deny all"), rules(location(config, 0)));
        assertEquals(List.of("allow 10.0.0.0/8"), rules(location(config, 1)));
    }

    @Test
    void offIsAListOfNothing() throws ConfigProblems {
        Config config = Configs.parse("access_log /a; server { access_log off; location / { access_log /b; } }");
        assertEquals(List.of(), config.http().servers().getFirst().own().settings().logs().access());
        assertEquals(1, location(config, 0).settings().logs().access().size());
    }

    @Test
    void latencyLogsAreInheritedAsAccessLogsAre() throws ConfigProblems {
        Config config = Configs.parse("""
                latency_log /a interval=2s;
                server { location /same { } location /off { latency_log off; } location /b { latency_log /b; latency_log /c; } }
                """);
        assertEquals(List.of(new LatencyLogConfig(Path.of("/a"), Duration.ofSeconds(2))),
                location(config, 0).settings().logs().latencies());
        assertEquals(List.of(), location(config, 1).settings().logs().latencies());
        assertEquals(List.of(new LatencyLogConfig(Path.of("/b"), Duration.ofSeconds(1)),
                new LatencyLogConfig(Path.of("/c"), Duration.ofSeconds(1))), location(config, 2).settings().logs().latencies());
    }

    @Test
    void whatAnswersIsNotInheritedButTheRootIs() throws ConfigProblems {
        Config config = Configs.parse("""
                server {
                    root /www;
                    return 404;
                    location /pass { proxy_pass http://b; location /pass/b { } }
                    location /try { try_files /x =404; proxy_pass http://b; location /try/b { } }
                }
                """);
        assertInstanceOf(Action.Proxy.class, location(config, 0).action());
        assertEquals(new Action.Files(), location(config, 0).locations().getFirst().action());
        var tried = assertInstanceOf(Action.TryFiles.class, location(config, 1).action());
        assertInstanceOf(Action.Proxy.class, tried.then());
        assertEquals(new Action.Files(), location(config, 1).locations().getFirst().action());
        assertEquals(new DocumentRoot.Root(Template.literal("/www")), location(config, 0).settings().files().root());
    }

    @Test
    void anAliasKeepsThePrefixItStandsFor() throws ConfigProblems {
        Config config = Configs.parse("server { location /a/ { alias /x/; location /a/b/ { } location ~ c { alias /d$1; } } }");
        var alias = new DocumentRoot.Alias(Template.literal("/x/"), "/a/");
        assertEquals(alias, location(config, 0).settings().files().root());
        assertEquals(alias, location(config, 0).locations().getFirst().settings().files().root());
        var regex = (DocumentRoot.Alias) location(config, 0).locations().getLast().settings().files().root();
        assertEquals("", regex.replaces());
    }

    @Test
    void theErrorLogOfTheMainLevelHoldsUnlessAnotherIsNamed() throws ConfigProblems {
        Config config = Configs.parse("error_log /a warn; http { server { location / { error_log /b; } } }");
        assertEquals("[/a warn]", logs(config.http().servers().getFirst().own()));
        assertEquals("[/b error]", logs(location(config, 0)));
        assertEquals(config, Configs.parse(Configs.print(config)));
        Config usual = Configs.parse("error_log /a warn; http { error_log stderr error; server { } }");
        assertEquals(usual, Configs.parse(Configs.print(usual)));
    }

    @Test
    void anUpstreamInheritsNothing() throws ConfigProblems {
        Config config = Configs.parse("keepalive_timeout 5s; upstream a { server b; }");
        assertEquals("60s", Values.time(config.http().upstreams().getFirst().idle().timeout()));
    }

    @Test
    void theHostFieldIsAlwaysSetAndOthersOnlyByTheNearestBlock() throws ConfigProblems {
        Config config = Configs.parse("""
                proxy_set_header Host a;
                server { location /a { proxy_set_header X-B b; } location /c { proxy_set_header host $host; } location /d { } }
                """);
        assertEquals("[X-B b, Host ${proxy_host}]", sent(location(config, 0)));
        assertEquals("[host ${host}]", sent(location(config, 1)));
        assertEquals("[Host a]", sent(location(config, 2)));
    }

    @Test
    void internalHoldsForLocationsInside() throws ConfigProblems {
        Config config = Configs.parse("server { location /a { internal; location /a/b { } } location /c { } }");
        assertTrue(location(config, 0).internal());
        assertTrue(location(config, 0).locations().getFirst().internal());
        assertFalse(location(config, 1).internal());
    }

    private static LocationConfig location(Config config, int index) {
        return config.http().servers().getFirst().locations().get(index);
    }

    private static List<String> headers(LocationConfig location) {
        return location.settings().headers().add().stream().map(AddHeader::name).toList();
    }

    private static List<String> rules(LocationConfig location) {
        return location.settings().access().rules().stream()
                .map(rule -> (rule.allow() ? "allow " : "deny ") + rule.words().getFirst()).toList();
    }

    private static String logs(LocationConfig location) {
        return location.settings().logs().errors().stream().map(log -> String.join(" ", log.words())).toList().toString();
    }

    private static String sent(LocationConfig location) {
        return location.settings().proxy().setHeaders().stream().map(header -> String.join(" ", header.words())).toList()
                .toString();
    }
}
