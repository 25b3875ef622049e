package io.selvage.server.module;

import io.selvage.server.config.Config;
import io.selvage.server.config.ConfigProblems;
import io.selvage.server.config.Section;
import io.selvage.server.config.Values;
import io.selvage.server.http.Folder;
import io.selvage.server.http.Template;
import io.selvage.server.observe.LatencyFiles;
import io.selvage.server.route.AddedHeaders;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class InheritanceTest {

    @Test
    void settingComesFromTheNearestBlock() throws ConfigProblems {
        Config config = Modules.LANGUAGE.parse("""
                send_timeout 1s;
                client_max_body_size 1k;
                server {
                    send_timeout 2s;
                    location /a { send_timeout 3s; location /a/b { } }
                    location /c { }
                }
                """);
        Function<Section, String> timeout = section ->
                Values.time(section.get(ServerModule.ClientSettings.class).sending().timeout());
        assertEquals("2s", timeout.apply(server(config)));
        assertEquals("3s", timeout.apply(location(config, 0)));
        assertEquals("3s", timeout.apply(inner(location(config, 0))));
        assertEquals("2s", timeout.apply(location(config, 1)));
        assertEquals(1024, location(config, 1).get(ServerModule.ClientSettings.class).body().maxSize());
    }

    @Test
    void listIsInheritedIfTheBlockHasNone() throws ConfigProblems {
        Config config = Modules.LANGUAGE.parse("""
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
        assertEquals(List.of("deny Everybody[]"), rules(location(config, 0)));
        assertEquals(List.of("allow Block[addresses=10.0.0.0/8]"), rules(location(config, 1)));
    }

    @Test
    void offIsAnEmptyList() throws ConfigProblems {
        Config config = Modules.LANGUAGE.parse("access_log /a; server { access_log off; location / { access_log /b; } }");
        assertEquals(List.of(), server(config).get(LogModule.LogSettings.class).access());
        assertEquals(1, location(config, 0).get(LogModule.LogSettings.class).access().size());
    }

    @Test
    void latencyLogsAreInheritedLikeAccessLogs() throws ConfigProblems {
        Config config = Modules.LANGUAGE.parse("""
                latency_log /a interval=2s;
                server { location /same { } location /off { latency_log off; } location /b { latency_log /b; latency_log /c; } }
                """);
        assertEquals(List.of(new LatencyFiles.Name(Path.of("/a"), Duration.ofSeconds(2))),
                location(config, 0).get(LogModule.LogSettings.class).latencies());
        assertEquals(List.of(), location(config, 1).get(LogModule.LogSettings.class).latencies());
        assertEquals(List.of(new LatencyFiles.Name(Path.of("/b"), Duration.ofSeconds(1)),
                new LatencyFiles.Name(Path.of("/c"), Duration.ofSeconds(1))),
                location(config, 2).get(LogModule.LogSettings.class).latencies());
    }

    @Test
    void contentHandlersAreNotInheritedButRootIs() throws ConfigProblems {
        Config config = Modules.LANGUAGE.parse("""
                server {
                    root /www;
                    return 404;
                    location /pass { proxy_pass http://b; location /pass/b { } }
                    location /try { try_files /x =404; proxy_pass http://b; location /try/b { } }
                }
                """);
        assertEquals(1, server(config).get(RewriteModule.RewriteSettings.class).commands().size());
        for (int i = 0; i < 2; i++) {
            assertEquals(List.of(), location(config, i).get(RewriteModule.RewriteSettings.class).commands());
            assertTrue(location(config, i).get(UpstreamModule.UpstreamSettings.class).target().isPresent());
            assertTrue(inner(location(config, i)).get(UpstreamModule.UpstreamSettings.class).target().isEmpty());
        }
        assertTrue(files(location(config, 1)).tries().isPresent());
        assertTrue(files(inner(location(config, 1))).tries().isEmpty());
        assertEquals(new Folder(Template.literal("/www"), 0), files(location(config, 0)).folder());
    }

    @Test
    void aliasKeepsItsPrefix() throws ConfigProblems {
        Config config = Modules.LANGUAGE.parse("""
                server { location /a/ { alias /x/; location /a/b/ { } location ~ c { alias /d$1; } } }
                """);
        Folder alias = new Folder(Template.literal("/x/"), "/a/".length());
        assertEquals(alias, files(location(config, 0)).folder());
        assertEquals(alias, files(inner(location(config, 0))).folder());
        Section regex = location(config, 0).inside(Contexts.LOCATION).getLast();
        assertEquals(Integer.MAX_VALUE, files(regex).folder().replaced());
    }

    @Test
    void errorLogOfTheMainLevelIsInherited() throws ConfigProblems {
        Config config = Modules.LANGUAGE.parse("error_log /a warn; events { } http { server { location / { error_log /b; } } }");
        assertEquals("[/a warn]", logs(server(config)));
        assertEquals("[/b error]", logs(location(config, 0)));
        assertEquals(config, Modules.LANGUAGE.parse(Modules.LANGUAGE.print(config)));
        Config usual = Modules.LANGUAGE.parse("error_log /a warn; events { } http { error_log stderr error; server { } }");
        assertEquals(usual, Modules.LANGUAGE.parse(Modules.LANGUAGE.print(usual)));
    }

    @Test
    void upstreamInheritsNothing() throws ConfigProblems {
        Config config = Modules.LANGUAGE.parse("keepalive_timeout 5s; upstream a { server b; }");
        Section upstream = config.block(Contexts.HTTP).inside(Contexts.UPSTREAM).getFirst();
        assertEquals("60s", Values.time(upstream.get(GroupSettings.class).idle().timeout()));
    }

    @Test
    void peerFieldsComeFromTheNearestBlock() throws ConfigProblems {
        Config config = Modules.LANGUAGE.parse("""
                proxy_set_header Host a;
                server { location /a { proxy_set_header X-B b; } location /c { proxy_set_header host $host; } location /d { } }
                """);
        assertEquals("[X-B b]", sent(location(config, 0)));
        assertEquals("[host ${host}]", sent(location(config, 1)));
        assertEquals("[Host a]", sent(location(config, 2)));
    }

    @Test
    void internalAppliesToNestedLocations() throws ConfigProblems {
        Config config = Modules.LANGUAGE.parse("server { location /a { internal; location /a/b { } } location /c { } }");
        Predicate<Section> internal = location -> location.get(RewriteModule.InternalSettings.class).internal();
        assertTrue(internal.test(location(config, 0)));
        assertTrue(internal.test(inner(location(config, 0))));
        assertFalse(internal.test(location(config, 1)));
    }

    private static Section server(Config config) {
        return config.block(Contexts.HTTP).inside(Contexts.SERVER).getFirst();
    }

    private static Section location(Config config, int index) {
        return server(config).inside(Contexts.LOCATION).get(index);
    }

    private static Section inner(Section location) {
        return location.inside(Contexts.LOCATION).getFirst();
    }

    private static FileModule.FileSettings files(Section section) {
        return section.get(FileModule.FileSettings.class);
    }

    private static List<String> headers(Section location) {
        return location.get(HeaderModule.HeaderSettings.class).added().stream().map(AddedHeaders.Field::name).toList();
    }

    private static List<String> rules(Section location) {
        return location.get(AccessModule.AccessSettings.class).rules().stream()
                .map(rule -> (rule.allows() ? "allow " : "deny ") + rule.whom()).toList();
    }

    private static String logs(Section section) {
        return section.get(LogModule.ErrorLogSettings.class).logs().stream().map(log -> String.join(" ", log.words())).toList()
                .toString();
    }

    private static String sent(Section location) {
        return location.get(UpstreamModule.UpstreamSettings.class).proxy().fields().stream()
                .map(field -> field.name() + " " + field.value()).toList().toString();
    }
}
