package io.selvage.server.module;

import io.selvage.loadbalancer.Policy;
import io.selvage.server.config.Config;
import io.selvage.server.config.ConfigProblems;
import io.selvage.server.config.Language;
import io.selvage.server.config.Machine;
import io.selvage.server.config.Section;
import io.selvage.server.http.Folder;
import io.selvage.server.http.Template;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

class LanguageTest {
    @TempDir
    private Path folder;

    @Test
    void includesAreRelativeToTheConfigurationAndOthersToThePrefix() throws IOException, ConfigProblems {
        write("sites/demo", "server { root www; access_log log; error_log /var/log/e; }");
        Path main = write("nginx.conf", "pid run/pid; events { } http { include sites/*; }");
        Config config = Modules.LANGUAGE.load(main, Path.of("/srv"), "", Machine.ANY).config();
        Section server = server(config);
        assertEquals(Path.of("/srv/run/pid"), MainSettings.of(config).pid());
        assertEquals(new Folder(Template.literal("/srv/www"), 0), server.get(FileModule.FileSettings.class).folder());
        assertEquals(Template.literal("/srv/log"), server.get(LogModule.LogSettings.class).access().getFirst().file());
        assertEquals(Path.of("/var/log/e"), server.get(LogModule.ErrorLogSettings.class).logs().getFirst().file());
        assertEquals(Path.of("/srv/client_body_temp"), server.get(ServerModule.ClientSettings.class).body().folder().folder());
        assertEquals(config, Modules.LANGUAGE.parse(Modules.LANGUAGE.print(config)));
    }

    @Test
    void rootThatBeginsWithAVariableIsUnchanged() throws IOException, ConfigProblems {
        Path main = write("nginx.conf", "server { root $document_uri/www; }");
        Config config = Modules.LANGUAGE.load(main, Path.of("/srv"), "", Machine.ANY).config();
        assertEquals("${document_uri}/www", server(config).get(FileModule.FileSettings.class).folder().place().toString());
    }

    @Test
    void globalDirectivesPrecedeTheFile() throws IOException, ConfigProblems {
        Path main = write("nginx.conf", "server { }");
        Config config = Modules.LANGUAGE.load(main, Path.of(""), "daemon off; pid /p;", Machine.ANY).config();
        assertEquals(Path.of("/p"), MainSettings.of(config).pid());
        assertEquals("-g:1:11: unexpected end of file, \"daemon\" on line 1 is not ended by \";\"", refusal(main, "daemon off"));
        Path twice = write("twice.conf", "pid /a; events { }");
        assertEquals(twice + ":1:1: \"pid\" is duplicate", refusal(twice, "pid /p;"));
    }

    @Test
    void missingFileIsAProblem() {
        Path missing = folder.resolve("nginx.conf");
        assertEquals(missing + ": \"" + missing + "\" does not exist", refusal(missing, ""));
    }

    @Test
    void problemsOfAllFilesAreReportedTogether() throws IOException {
        Path other = write("b.conf", "server { etag 1; }\n");
        Path main = write("c.conf", "server { etag 2; } include b.conf;\n");
        assertEquals(other + ":1:15: \"etag\" needs \"on\" or \"off\", got \"1\"\n"
                + main + ":1:15: \"etag\" needs \"on\" or \"off\", got \"2\"\n"
                + "2 problems; nothing was started", refusal(main, ""));
    }

    @Test
    void variablesMustBeKnown() throws IOException, ConfigProblems {
        Path good = write("good.conf", """
                log_format a "$host $arg_a $http_b $sent_http_c $cookie_d $upstream_http_e $upstream_cookie_f $sent_trailer_g $1";
                server { server_name ~^(?<user_name>.+)$; root /$user_name; }
                """);
        Modules.LANGUAGE.load(good, Path.of(""), "", Machine.ANY);
        Path bad = write("bad.conf", "server { root /$hots; access_log /a combined if=${no}; }");
        var problems = assertThrows(ConfigProblems.class, () -> Modules.LANGUAGE.load(bad, Path.of(""), "", Machine.ANY));
        assertEquals(bad + ":1:16: unknown variable \"$hots\"\n" + bad + ":1:49: unknown variable \"$no\"\n"
                + "2 problems; nothing was started", problems.getMessage());
    }

    @Test
    void unknownVariableIsReportedWhereItStands() throws IOException {
        Path bad = write("bad.conf", """
                log_format long escape=json '$host "\\'$nope" '
                                            '$status
                \u00fc $neither';
                log_format joined '$host' 'name';
                """);
        assertEquals(bad + ":1:39: unknown variable \"$nope\"\n" + bad + ":3:3: unknown variable \"$neither\"\n"
                + "2 problems; nothing was started", refusal(bad, ""));
    }

    @Test
    void problemQuotesWordsAsText() throws IOException {
        Path bad = write("bad.conf", "server { stra\u00dfe \u20ac; }");
        assertEquals(bad + ":1:10: unknown directive \"stra\u00dfe\"", refusal(bad, ""));
    }

    @Test
    void doubtfulSettingsAreWarnings() throws IOException, ConfigProblems {
        Path main = write("w.conf", """
                upstream u { server a; ip_hash; least_conn; }
                types { text/css css; text/plain css; }
                server { server_name a b; }
                server { server_name b; listen 81; listen *:80; location / { proxy_pass http://u; uwsgi_pass u; } }
                server { server_name a/b; }
                match m { body ~ well; }
                """);
        Language.Loaded loaded = Modules.LANGUAGE.load(main, Path.of(""), "", Machine.ANY);
        assertEquals(List.of(
                ":1:33: \"least_conn\" takes the place of \"ip_hash\"",
                ":2:34: \"css\" was \"text/css\" before",
                ":4:22: \"b\" on 0.0.0.0:80 is taken by " + main + ":3:24 and means nothing here",
                ":4:83: \"uwsgi_pass\" takes the place of \"proxy_pass\"",
                ":5:22: \"a/b\" does not look like the name of a host",
                ":6:1: \"match\" of the name \"m\" has no \"status\": responses with any status pass"),
                loaded.warnings().stream().map(warning -> warning.toString().replaceFirst("^[^:]*", "")).toList());
        Section upstream = loaded.config().block(Contexts.HTTP).inside(Contexts.UPSTREAM).getFirst();
        assertEquals(new Policy.LeastConnections(), upstream.get(GroupSettings.class).balance().policy());
    }

    @Test
    void dumpContainsEveryFileOnce() throws IOException, ConfigProblems {
        Path part = write("part", "etag off; # \u00e9\n");
        Path main = write("nginx.conf", "server { include part; }\nserver { include part; }");
        var out = new ByteArrayOutputStream();
        Language.dump(Modules.LANGUAGE.load(main, Path.of(""), "", Machine.ANY), out);
        assertEquals("# configuration file " + main + ":\nserver { include part; }\nserver { include part; }\n"
                + "# configuration file " + part + ":\netag off; # \u00e9\n\n", out.toString(StandardCharsets.UTF_8));
    }

    static Stream<Path> samples() throws IOException {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("selvage.root"), "deploy/samples"))) {
            return files.filter(file -> file.toString().endsWith(".conf")).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("samples")
    void everySampleLoadsAndSurvivesPrinting(Path sample) throws ConfigProblems {
        Language.Loaded loaded = Modules.LANGUAGE.load(sample, Path.of(""), "", Machine.ANY);
        assertEquals(List.of(), loaded.warnings());
        assertEquals(loaded.config(), Modules.LANGUAGE.parse(Modules.LANGUAGE.print(loaded.config())));
    }

    private static Section server(Config config) {
        return config.block(Contexts.HTTP).inside(Contexts.SERVER).getFirst();
    }

    private Path write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    private static String refusal(Path main, String globals) {
        return assertThrows(ConfigProblems.class, () -> Modules.LANGUAGE.load(main, Path.of(""), globals, Machine.ANY))
                .getMessage();
    }
}
