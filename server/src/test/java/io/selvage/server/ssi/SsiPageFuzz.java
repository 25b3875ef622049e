package io.selvage.server.ssi;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Pages with commands: what is found does not depend on how the bytes come, and commands keep their bounds.
public final class SsiPageFuzz {
    private static final int MOST_VALUE = 16;
    private static final int MOST_NAME = 32;

    private SsiPageFuzz() {
    }

    /// Called by the fuzzer.
    public static void fuzzerTestOneInput(byte[] input) {
        String whole = found(input, Math.max(1, input.length));
        assertEquals(whole, found(input, 1));
        String text = new String(input, StandardCharsets.ISO_8859_1);
        int command = text.indexOf("<!--#");
        assertTrue(whole.startsWith(command < 0 ? text : text.substring(0, command)), whole);
        assertTrue(command >= 0 || whole.equals(text), whole);
    }

    private static String found(byte[] page, int piece) {
        SsiScanner scanner = new SsiScanner(MOST_VALUE);
        StringBuilder found = new StringBuilder();
        for (int at = 0; at < page.length; at += piece) {
            scan(scanner, ByteBuffer.wrap(page, at, Math.min(piece, page.length - at)).slice(), found);
        }
        return found.append(scanner.rest()).toString();
    }

    private static void scan(SsiScanner scanner, ByteBuffer input, StringBuilder found) {
        boolean more = true;
        while (more) {
            switch (scanner.next(input)) {
                case SsiScanner.Plain(int count) -> {
                    for (int i = 0; i < count; i++) {
                        found.append((char) (input.get() & 0xff));
                    }
                }
                case SsiScanner.Held(var text) -> found.append(text);
                case SsiScanner.Command(var command, var text) -> found.append(checked(command)).append(text);
                case SsiScanner.Malformed(var problem, var text) -> found.append(problem).append(text);
                case SsiScanner.NeedsInput() -> more = false;
            }
        }
    }

    private static SsiCommand checked(SsiCommand command) {
        assertTrue(command.name().length() <= MOST_NAME, command::name);
        for (SsiCommand.Parameter each : command.parameters()) {
            assertTrue(each.name().length() <= MOST_NAME, each::name);
            assertTrue(each.value().length() <= MOST_VALUE, each::value);
        }
        command.problem();
        SsiCondition.parse(command.value("expr").orElse(""));
        return command;
    }
}
