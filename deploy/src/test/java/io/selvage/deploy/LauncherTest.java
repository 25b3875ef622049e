package io.selvage.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// The scripts `selvage`, `nginx` and `find-jdk` in a folder that imitates a machine, whose JDKs only print their name and
/// arguments.
class LauncherTest {
    private static final Path DEPLOY = Path.of(System.getProperty("selvage.root"), "deploy");
    private static final List<String> TOOLS = List.of("sed", "dirname", "readlink", "find", "head");

    @TempDir
    private Path machine;
    private Path installed;
    private final Map<String, String> environment = new HashMap<>();

    @BeforeEach
    void install() throws IOException {
        machine = machine.toRealPath();
        installed = Files.createDirectories(machine.resolve("opt/selvage"));
        Files.copy(DEPLOY.resolve("jvm.options"), installed.resolve("jvm.options"));
        Files.createFile(installed.resolve("selvage.jar"));
        for (String script : List.of("selvage", "nginx", "find-jdk")) {
            String text = Files.readString(DEPLOY.resolve(script)).replaceAll("(?<=[ ])/(?=usr|opt|Library)", machine + "/");
            executable(installed.resolve(script), text);
        }
        Path bin = Files.createDirectories(machine.resolve("bin"));
        for (String tool : TOOLS) {
            executable(bin.resolve(tool), "#!/bin/sh\nPATH=/usr/bin:/bin exec " + tool + " \"$@\"\n");
        }
        environment.putAll(Map.of("PATH", bin.toString(), "HOME", machine.toString()));
    }

    @Test
    void usesTheJdkOfJavaHome() throws Exception {
        jdk("usr/lib/jvm/jdk-25", "25.0.3");
        environment.put("JAVA_HOME", jdk("home/mine", "26-ea").toString());
        assertEquals("mine: @" + installed + "/jvm.options -jar " + installed + "/selvage.jar version\n", selvage(0));
    }

    @Test
    void skipsOlderJdks() throws Exception {
        environment.put("JAVA_HOME", jdk("home/eight", "1.8.0_402").toString());
        jdk("usr/lib/jvm/java-17", "17.0.12");
        jdk("usr/lib/jvm/java-25", "25");
        assertEquals("java-25", selvage(0).split(":")[0]);
    }

    @Test
    void followsTheLinksOfJavaInPath() throws Exception {
        Path alternative = Files.createDirectories(machine.resolve("etc/alternatives")).resolve("java");
        Files.createSymbolicLink(alternative, jdk("home/linked", "25.0.1").resolve("bin/java"));
        Files.createSymbolicLink(machine.resolve("bin/java"), alternative);
        assertEquals("linked", selvage(0).split(":")[0]);
    }

    @Test
    void findsJdksOfSdkman() throws Exception {
        jdk(".sdkman/candidates/java/25.0.1-tem", "25.0.1");
        assertEquals("25.0.1-tem", selvage(0).split(":")[0]);
    }

    @Test
    void missingJdkIsReportedInOneLine() throws Exception {
        jdk("usr/lib/jvm/java-17", "17.0.12");
        assertEquals("selvage: no JDK 25 or newer found; install one (https://adoptium.net has Temurin 25) or set JAVA_HOME\n",
                selvage(1));
    }

    @Test
    void missingJarAndMavenAreReportedInOneLine() throws Exception {
        jdk("opt/jdk-25", "25.0.3");
        Files.delete(installed.resolve("selvage.jar"));
        assertEquals("selvage: " + installed + "/target/selvage.jar is missing and there is no mvn to build it; "
                + "install Maven 3.8 or newer\n", selvage(1));
    }

    @Test
    void worksThroughLinksFromAnyFolder() throws Exception {
        jdk("opt/jdk-25", "25.0.3");
        Path first = Files.createSymbolicLink(machine.resolve("bin/first"), Path.of("../opt/selvage/selvage"));
        Path link = Files.createSymbolicLink(machine.resolve("bin/selvage"), first);
        assertEquals("jdk-25: @" + installed + "/jvm.options -jar " + installed + "/selvage.jar run -c a b.conf\n",
                run(0, link, "run", "-c", "a b.conf"));
    }

    @Test
    void usesTheAotCacheOfThisJar() throws Exception {
        jdk("opt/jdk-25", "25.0.3");
        Path learned = Files.createFile(installed.resolve("selvage.aot"));
        Files.setLastModifiedTime(learned, FileTime.fromMillis(2_000_000));
        Files.setLastModifiedTime(installed.resolve("selvage.jar"), FileTime.fromMillis(1_000_000));
        assertEquals("jdk-25: @" + installed + "/jvm.options -XX:AOTCache=" + learned + " -Xlog:aot*=off,cds*=off -jar "
                + installed + "/selvage.jar version\n", selvage(0));
    }

    @Test
    void ignoresTheAotCacheOfAnOlderJar() throws Exception {
        jdk("opt/jdk-25", "25.0.3");
        Path learned = Files.createFile(installed.resolve("selvage.aot"));
        Files.setLastModifiedTime(learned, FileTime.fromMillis(1_000_000));
        Files.setLastModifiedTime(installed.resolve("selvage.jar"), FileTime.fromMillis(2_000_000));
        assertEquals("jdk-25: @" + installed + "/jvm.options -jar " + installed + "/selvage.jar version\n", selvage(0));
    }

    @Test
    void nginxStandInPrintsItsVersionWithoutAJdk() throws Exception {
        String output = run(0, installed.resolve("nginx"), "-V");
        assertTrue(output.matches("(?s)nginx version: nginx/\\d+\\.\\d+\\.\\d+ .*\n.*\nTLS SNI support enabled\n"
                + "configure arguments: --with.*\n"), output);
        assertEquals(output.lines().findFirst().orElse("") + "\n", run(0, installed.resolve("nginx"), "-v"));
    }

    @Test
    void nginxStandInStaysAndReturnsTheExitCodeOfTheServer() throws Exception {
        Path bin = jdk("opt/jdk-25", "25.0.3").resolve("bin/java");
        executable(bin, "#!/bin/sh\necho \"$PPID $*\"\nexit 3\n");
        String output = run(3, installed.resolve("nginx"), "-c", "a b.conf");
        String end = "-Dselvage.pid=" + output.split(" ")[0] + " -jar " + installed
                + "/selvage.jar -g pass_lone_lf on; -c a b.conf\n";
        assertTrue(output.endsWith(end), output);
    }

    private Path jdk(String where, String version) throws IOException {
        Path home = machine.resolve(where);
        Path bin = Files.createDirectories(home.resolve("bin"));
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"Test\"\nJAVA_VERSION=\"" + version + "\"\n");
        executable(bin.resolve("java"), "#!/bin/sh\necho \"" + home.getFileName() + ": $*\"\n");
        executable(bin.resolve("javac"), "#!/bin/sh\n");
        return home;
    }

    private static void executable(Path file, String text) throws IOException {
        Files.writeString(file, text);
        file.toFile().setExecutable(true);
    }

    private String selvage(int exit) throws IOException, InterruptedException {
        return run(exit, installed.resolve("selvage"), "version");
    }

    private String run(int exit, Path script, String... arguments) throws IOException, InterruptedException {
        var builder = new ProcessBuilder(script.toString()).redirectErrorStream(true).directory(machine.toFile());
        builder.command().addAll(List.of(arguments));
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes());
        assertEquals(exit, process.waitFor(), output);
        return output;
    }
}
