package io.selvage.server.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;

class ParserTest {
    private static final String VALID = """
            user www-data;
            http { # the web
                log_format main '$remote_addr "$request"';
                server { listen 80; location ~ "^/a{2}$" { return 200 ok; } }
            }
            """;

    private final Problems problems = new Problems();

    @TempDir
    private Path folder;

    @Test
    void directivesAndBlocksBecomeATree() {
        assertEquals("user(www-data) http(){log_format(main,$remote_addr \"$request\") server(){listen(80) "
                + "location(~,^/a{2}$){return(200,ok)}}}", parsed(VALID));
        assertEquals(List.of(), reported());
    }

    @Test
    void missingPartsAreReportedWithTheirPosition() {
        parsed("server { root /www }");
        parsed("server {\n root /www;\n");
        parsed("listen 80");
        parsed("a; } ; { b; } c;");
        assertEquals(List.of(
                "t:1:4: unexpected \"}\"",
                "t:1:6: unexpected \";\"",
                "t:1:8: unexpected \"{\"",
                "t:1:10: unexpected end of file, \"listen\" on line 1 is not ended by \";\"",
                "t:1:20: unexpected \"}\", \"root\" on line 1 is not ended by \";\"",
                "t:3:1: unexpected end of file, the \"{\" on line 1 is not closed"), reported());
    }

    @Test
    void unclosedBlockIsReportedOnce() {
        parsed("http {\nserver {\nlocation / {\n");
        assertEquals(List.of("t:4:1: unexpected end of file, the \"{\" on line 3 is not closed"), reported());
    }

    @Test
    void nestingOfBlocksIsLimited() {
        parsed("a {".repeat(Parser.DEEPEST_BLOCK + 1));
        assertEquals(List.of("t:1:195: blocks are nested more than 64 deep"), reported());
    }

    @Test
    void patternIncludesFilesInOrder() throws IOException {
        write("conf.d/b.conf", "b;");
        write("conf.d/a.conf", "a; include more/c;");
        write("conf.d/.hidden.conf", "hidden;");
        write("conf.d/a.txt", "text;");
        write("more/c", "c;");
        assertEquals("first() a() c() b() last()", parsed("first; include conf.d/*.conf; include none/*; last;"));
        assertEquals("a() c() b()", parsed("include " + folder + "/con?.d/[ab].conf;"));
        assertEquals(List.of(), reported());
    }

    @Test
    void includedFileMustExistUnlessItIsInTheJar() throws IOException {
        assertEquals("a(){ours(1)}", parsed("a { include /etc/nothing/bundled; }"));
        assertEquals("ours(1)", parsed("include bundled;"));
        write("bundled", "mine;");
        assertEquals("mine()", parsed("include bundled;"));
        parsed("include missing;");
        parsed("include " + folder + ";");
        parsed("include a b;");
        assertEquals(List.of(
                "t:1:1: \"include\" needs one argument, got 2",
                "t:1:9: \"" + folder + "\" cannot be read: a folder",
                "t:1:9: \"missing\" does not exist"), reported());
    }

    @Test
    void circularIncludesAreRefused() throws IOException {
        write("a", "include b;");
        write("b", "x; include ./a;");
        assertEquals("x()", parsed("include a;"));
        assertEquals(List.of(folder.resolve("b") + ":1:12: \"./a\" includes itself"), reported());
    }

    @Test
    void nestingOfIncludesIsLimited() throws IOException {
        for (int i = 0; i < 20; i++) {
            write("f" + i, "include f" + (i + 1) + ";");
        }
        parsed("include f0;");
        assertEquals(List.of(folder.resolve("f14") + ":1:9: files are included more than 16 deep"), reported());
    }

    @Test
    void fileTruncatedAtAnyByteIsRefusedOrRead() {
        for (int cut = 0; cut <= VALID.length(); cut++) {
            String text = VALID.substring(0, cut);
            assertDoesNotThrow(() -> parsed(text));
        }
    }

    @RepeatedTest(500)
    void randomTextCausesNoException(RepetitionInfo run) {
        var random = new SplittableRandom(run.getCurrentRepetition());
        var text = new StringBuilder(VALID);
        for (int i = random.nextInt(8); i >= 0; i--) {
            text.setCharAt(random.nextInt(text.length()), "{};\"'\\$# \n".charAt(random.nextInt(10)));
        }
        assertDoesNotThrow(() -> parsed(text.toString()));
    }

    private void write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private static Optional<byte[]> bundled(String name) {
        return name.equals("bundled") ? Optional.of("ours 1;".getBytes(StandardCharsets.UTF_8)) : Optional.empty();
    }

    private String parsed(String text) {
        var source = new Source("t", folder.resolve("t"), text.getBytes(StandardCharsets.UTF_8));
        return shown(new Parser(new Sources(folder, ParserTest::bundled, problems), problems).parse(source));
    }

    private static String shown(List<Directive> directives) {
        return directives.stream().map(ParserTest::shown).collect(Collectors.joining(" "));
    }

    private static String shown(Directive directive) {
        return directive.name()
                + directive.arguments().stream().map(Word::text).collect(Collectors.joining(",", "(", ")"))
                + (directive.hasBlock() ? "{" + shown(directive.block()) + "}" : "");
    }

    private List<String> reported() {
        return problems.errors().stream().map(Problem::toString).toList();
    }
}
