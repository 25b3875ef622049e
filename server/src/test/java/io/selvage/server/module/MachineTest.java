package io.selvage.server.module;

import io.selvage.server.config.Address;
import io.selvage.server.config.ConfigProblems;
import io.selvage.server.config.Language;
import io.selvage.server.config.Machine;
import io.selvage.server.config.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// What a configuration needs of its machine is missing: a check says so, with the position.
class MachineTest {
    @TempDir
    private Path folder;

    /// A machine on which everything is missing that it does not list.
    private record Bare(boolean isRoot, Set<String> accounts) implements Machine {
        @Override
        public boolean hasUser(String name) {
            return accounts.contains(name);
        }

        @Override
        public boolean hasGroup(String name) {
            return accounts.contains(name);
        }

        @Override
        public Optional<String> whyNotWritable(Path file) {
            return new ThisMachine().whyNotWritable(file);
        }

        @Override
        public Optional<String> whyNotListening(Address address) {
            return new ThisMachine().whyNotListening(address);
        }

        @Override
        public boolean hasHost(String name) {
            return false;
        }
    }

    /// The problems, or else the warnings, without the name of the file.
    private List<String> found(String text, Machine machine) throws IOException {
        Path file = Files.writeString(folder.resolve("main.conf"), text);
        List<Problem> found;
        try {
            Language.Loaded loaded = Modules.LANGUAGE.load(file, folder, "", machine);
            found = loaded.warnings();
        } catch (ConfigProblems e) {
            found = e.problems();
        }
        return found.stream().map(problem -> problem.toString().replace(file + ":", "").replace(folder.toString(), "FOLDER"))
                .toList();
    }

    @Test
    void trustedProxyMustBeFound() throws IOException {
        String text = "server { set_real_ip_from 10.0.0.0/8; set_real_ip_from unix:; set_real_ip_from proxy.test; }";
        assertEquals(List.of("1:80: host not found in \"set_real_ip_from proxy.test\""), found(text, new Bare(true, Set.of())));
        assertEquals(List.of(), found(text.replace("proxy.test", "localhost"), new ThisMachine()));
    }

    @Test
    void unknownUserIsAProblemForRoot() throws IOException {
        Machine root = new Bare(true, Set.of("www-data"));
        assertEquals(List.of("1:6: there is no user \"nginx\" on this machine; it has \"www-data\""),
                found("user nginx; events { }", root));
        assertEquals(List.of("1:15: there is no group \"web\" on this machine"), found("user www-data web; events { }", root));
        assertEquals(List.of(), found("user www-data; events { }", root));
        assertEquals(List.of("1:6: there is no user \"nginx\" on this machine"),
                found("user nginx; events { }", new Bare(true, Set.of())));
    }

    @Test
    void userIsIgnoredForOthersThanRoot() throws IOException {
        assertEquals(List.of("1:1: the \"user\" directive makes sense only for a server that root starts; it is ignored"),
                found("user nginx; events { }", new Bare(false, Set.of())));
    }

    /// A machine on which this process may not write its process id.
    private record ReadOnly() implements Machine {
        @Override
        public boolean isRoot() {
            return false;
        }

        @Override
        public boolean hasUser(String name) {
            return true;
        }

        @Override
        public boolean hasGroup(String name) {
            return true;
        }

        @Override
        public Optional<String> whyNotWritable(Path file) {
            return file.endsWith("pid") ? Optional.of("permission denied") : Optional.empty();
        }

        @Override
        public Optional<String> whyNotListening(Address address) {
            return Optional.empty();
        }

        @Override
        public boolean hasHost(String name) {
            return true;
        }
    }

    @Test
    void pidFileOfThisProcessNeedNotBeWritable() throws IOException {
        Path pid = Files.writeString(folder.resolve("pid"), ProcessHandle.current().pid() + "\n");
        assertEquals(List.of(), found("pid pid; events { }", new ReadOnly()));
        for (String other : List.of("1\n", "", "x".repeat(10_000))) {
            Files.writeString(pid, other);
            assertEquals(List.of("1:5: \"pid\" cannot write \"pid\": permission denied"),
                    found("pid pid; events { }", new ReadOnly()));
        }
    }

    @Test
    void logsAndPidNeedAFolder() throws IOException {
        Files.createDirectory(folder.resolve("log"));
        assertEquals(List.of(
                "1:5: \"pid\" cannot write \"run/pid\": there is no folder \"FOLDER/run\"",
                "2:11: \"error_log\" cannot write \"log\": it is a folder",
                "4:23: \"access_log\" cannot write \"none/a.log\": there is no folder \"FOLDER/none\"",
                "5:37: \"latency_log\" cannot write \"none/l\": there is no folder \"FOLDER/none\""), found("""
                pid run/pid;
                error_log log;
                events { }
                http { access_log     none/a.log;
                       server { latency_log         none/l; access_log log/a; }
                       server { access_log $host/x; access_log off; error_log stderr; } }
                """, new Bare(true, Set.of())));
    }

    @Test
    void addressMustBeOfTheMachine() throws IOException {
        assertEquals(List.of(
                "1:17: \"listen\" cannot use \"192.0.2.1:80\": it is no address of this machine",
                "2:17: \"listen\" cannot use \"unix:none/s\": there is no folder \"FOLDER/none\"",
                "3:17: \"listen\" needs an address, got \"a/b\""), found("""
                server { listen 192.0.2.1:80; listen 127.0.0.1:80; listen 81; }
                server { listen unix:none/s; listen unix:%1$s/s; }
                server { listen a/b; }
                """.formatted(folder), new Bare(true, Set.of())).stream()
                .map(line -> line.replaceFirst("\"/.*/none\"", "\"FOLDER/none\"")).toList());
    }

    @Test
    void thisMachineKnowsItsAccounts() {
        Machine machine = new ThisMachine();
        assertTrue(machine.hasUser("root"));
        assertTrue(machine.hasGroup("root"));
        assertFalse(machine.hasUser("no-such-user"));
        assertFalse(machine.hasGroup("no-such-group"));
        assertFalse(machine.hasUser("0"));
        assertEquals(System.getProperty("user.name").equals("root"), machine.isRoot());
    }

    @Test
    void variablesThatAreBuiltAreNotListedAsMissing() {
        assertEquals(List.of(), AbsentModule.VARIABLES.all().stream()
                .filter(name -> Modules.VARIABLES.find(name.replace("*", "x")).isPresent()).toList());
    }

    @Test
    void bareFileHasTheLogFormatOfDistributions() throws IOException {
        assertEquals(List.of(), found("server { access_log /dev/null main; }", Machine.ANY));
        assertEquals(List.of(), found("log_format main $uri; server { access_log /dev/null main; }", Machine.ANY));
        assertEquals(List.of("1:46: unknown log format \"main\""),
                found("events { } http { server { access_log /a.log main; } }", Machine.ANY));
    }
}
