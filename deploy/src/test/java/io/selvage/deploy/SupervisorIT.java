package io.selvage.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

/// The sample for supervisor: a program that dies is restarted.
class SupervisorIT {
    private static final String SUPERVISORD = "/usr/bin/supervisord";
    private static final String AROUND = """
            [supervisord]
            nodaemon=true
            logfile=/dev/null
            logfile_maxbytes=0
            pidfile=%1$s/supervisord.pid
            childlogdir=%1$s
            [include]
            files=%1$s/demo.ini
            """;

    @TempDir
    private Path machine;
    @TempDir
    private Path site;

    @Test
    void supervisorRestartsBothProgramsAfterAKill() throws Exception {
        Application.require(SUPERVISORD, "import supervisor, flask, gevent");
        int port = SelvageProcess.freePort();
        install(port);
        try (var supervisor = new Running(machine, Map.of("PEER", "demo", "JAVA_HOME", System.getProperty("java.home")), "TERM",
                List.of(SUPERVISORD, "-n", "-c", machine.resolve("supervisord.conf").toString()))) {
            SelvageProcess.awaitListening(machine, supervisor, pid(supervisor, "selvage", 1));
            assertEquals("demo", awaitPeer(port));

            kill(pid(supervisor, "selvage", 1));
            SelvageProcess.awaitListening(machine, supervisor, pid(supervisor, "selvage", 2));
            assertEquals("demo", awaitPeer(port));

            kill(pid(supervisor, "demo", 1));
            pid(supervisor, "demo", 2);
            assertEquals("demo", awaitPeer(port));

            supervisor.signal("TERM");
            assertEquals(0, supervisor.awaitExit());
            assertFalse(Files.exists(machine.resolve("selvage.pid")));
        }
    }

    /// Installs the files as the comments of the sample say, in the folders of this test.
    private void install(int port) throws IOException {
        Path opt = Files.createDirectories(machine.resolve("opt"));
        for (String part : List.of("selvage", "find-jdk", "jvm.options", "target/selvage.jar")) {
            Path built = SelvageProcess.ROOT.resolve("deploy").resolve(part);
            Files.copy(built, opt.resolve(built.getFileName()), StandardCopyOption.COPY_ATTRIBUTES);
        }
        Path socket = site.resolve("app.socket");
        Application.unpack(site, "run.py", Map.of());
        Application.unpack(site, "gconfig.py", Map.of("127.0.0.1:5000", "unix:" + socket));
        Files.writeString(machine.resolve("selvage.conf"), """
                pid selvage.pid;
                events {
                }
                http {
                    server {
                        listen 127.0.0.1:%d;
                        location / {
                            proxy_pass http://unix:%s;
                        }
                    }
                }
                """.formatted(port, socket));
        String sample = Files.readString(SelvageProcess.ROOT.resolve("deploy/samples/supervisor/demo.ini"));
        Files.writeString(machine.resolve("demo.ini"), sample.replaceAll("(?m)^user=.*\n", "")
                .replace("/opt/selvage", opt.toString()).replace("/etc/selvage", machine.toString())
                .replace("/var/lib/selvage", machine.toString()).replace("/www/demo", site.toString())
                .replace("/var/log/supervisor", machine.toString()));
        Files.writeString(machine.resolve("supervisord.conf"), AROUND.formatted(machine));
    }

    /// The process id of the start number `time` of a program.
    private static long pid(Running supervisor, String program, int time) throws InterruptedException {
        return Long.parseLong(supervisor.awaitLines(time, "spawned: '" + program + "' with pid (\\d+)").group(1));
    }

    private static void kill(long pid) {
        ProcessHandle.of(pid).orElseThrow().destroyForcibly();
    }

    /// Sends requests until the application answers; until then the server answers 502.
    private static String awaitPeer(int port) throws IOException {
        RawHttp.Answer answer = RawHttp.get(port, "/");
        while (answer.status() != 200) {
            assertEquals(502, answer.status());
            answer = RawHttp.get(port, "/");
        }
        return Echo.of(answer).get("peer");
    }
}
