package io.selvage.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Configurations in the style of deployment guides, each run by nginx and by Selvage: the same requests get the same answers,
/// and the same requests reach the application. The files in `sites` begin with their requests, in the form of [SiteRequest].
///
/// nginx is started for each of them; Selvage is one process that reloads.
class SitesIT {
    private static final Path SITES = SelvageProcess.ROOT.resolve("deploy/src/test/resources/io/selvage/deploy/sites");
    private static final String HTTP = """
            %s
            events { }
            http {
                include mime.types;
                default_type application/octet-stream;
                access_log off;
                client_body_temp_path bodies;
                proxy_temp_path answers;
                fastcgi_temp_path f;
                uwsgi_temp_path u;
                scgi_temp_path s;
            %s
            }
            """;

    private static final Deque<AutoCloseable> STARTED = new ArrayDeque<>();
    private static SiteWorld world;
    private static Path nginxHome;
    private static Path selvageHome;
    private static int nginxPort;
    private static int nginxTlsPort;
    private static int selvagePort;
    private static int selvageTlsPort;
    private static SelvageProcess selvage;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        Application.require("/usr/sbin/nginx", "");
        world = new SiteWorld(folder, STARTED);
        nginxHome = home(folder, "nginx");
        selvageHome = home(folder, "selvage");
        nginxPort = SelvageProcess.freePort();
        selvagePort = SelvageProcess.freePort();
        nginxTlsPort = SelvageProcess.freePort();
        selvageTlsPort = SelvageProcess.freePort();
        Files.writeString(selvageHome.resolve("nginx.conf"), HTTP.formatted("",
                "server { listen 127.0.0.1:" + selvagePort + "; }"));
        selvage = SelvageProcess.start(selvageHome, Path.of("nginx.conf"), List.of());
        STARTED.push(selvage);
    }

    private static Path home(Path folder, String name) throws IOException {
        Path home = Files.createDirectory(folder.resolve(name));
        SiteWorld.copyOwnFiles(home);
        return home;
    }

    @AfterAll
    static void stop() throws Exception {
        for (AutoCloseable each : STARTED) {
            each.close();
        }
    }

    static Stream<String> names() throws IOException {
        try (Stream<Path> files = Files.list(SITES)) {
            return files.map(file -> file.getFileName().toString().replace(".conf", "")).sorted().toList().stream();
        }
    }

    @Test
    void thereAreAtLeastSixtySites() throws IOException {
        assertTrue(names().count() >= 60);
    }

    @ParameterizedTest
    @MethodSource("names")
    void answersAreThoseOfNginx(String name) throws Exception {
        String site = Files.readString(SITES.resolve(name + ".conf"));
        List<SiteRequest> requests = site.lines().filter(line -> line.startsWith("#> "))
                .map(line -> SiteRequest.parse(line.substring(3))).toList();
        assertTrue(!requests.isEmpty(), "the site has no requests");
        load(site);
        try (Running nginx = nginx(site)) {
            assertEquals(answers(nginxPort, nginxTlsPort, requests), answers(selvagePort, selvageTlsPort, requests),
                    () -> String.join("\n", nginx.lines()));
        }
    }

    private static void load(String site) throws IOException, InterruptedException {
        Files.writeString(selvageHome.resolve("nginx.conf"),
                HTTP.formatted("", world.adapted(site, selvageHome, selvagePort, selvageTlsPort)));
        int lines = selvage.server().lines().size();
        selvage.server().signal("HUP");
        Matcher end = selvage.server().awaitLinesSince(lines, 1, "configuration was (reloaded)|not reloaded|nothing was started");
        List<String> output = selvage.server().lines();
        assertEquals("reloaded", end.group(1), () -> String.join("\n", output.subList(lines, output.size())));
    }

    private static Running nginx(String site) throws IOException, InterruptedException {
        Files.writeString(nginxHome.resolve("nginx.conf"), HTTP.formatted(
                "pid selvage.pid; daemon off; master_process off; error_log stderr;",
                world.adapted(site, nginxHome, nginxPort, nginxTlsPort)));
        Files.deleteIfExists(nginxHome.resolve("selvage.pid"));
        Running process = new Running(nginxHome, Map.of(), "TERM",
                List.of("/usr/sbin/nginx", "-p", nginxHome + "/", "-c", "nginx.conf", "-e", "stderr"));
        SelvageProcess.awaitListening(nginxHome, process);
        return process;
    }

    private static String answers(int port, int tlsPort, List<SiteRequest> requests) throws IOException {
        var answers = new ArrayList<String>();
        for (SiteRequest request : requests) {
            answers.add("=== " + request.line() + "\n" + SiteAnswer.ask(port, tlsPort, request));
        }
        return String.join("\n", answers);
    }
}
