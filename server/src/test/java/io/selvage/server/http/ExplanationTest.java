package io.selvage.server.http;

import io.selvage.server.Json;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

class ExplanationTest {
    private static Explanation sample() {
        Explanation root = new Explanation("explanation", "GET /", "from 127.0.0.1");
        Explanation step = root.add("location", "/app", "for /app/x").with("chosen", true).with("line", 7);
        step.add("candidate", "= /exact", "is another path");
        step.add("candidate", "/", "is a shorter prefix");
        step.add("head", "", "of 2 lines:").add("bytes", "", "GET / HTTP/1.1\r\nX: \u001b[31m\r\n\r\n");
        return root;
    }

    @Test
    void treeHasAColumnForKindsAndOneForNames() {
        assertEquals("""
                GET /  from 127.0.0.1

                location  /app  for /app/x
                            = /exact  is another path
                            /         is a shorter prefix
                            of 2 lines:
                              | GET / HTTP/1.1
                              | X: \\x1B[31m
                """, sample().toText());
    }

    @Test
    void longTextsGoOnInTheNextLine() {
        Explanation root = new Explanation("explanation", "x", "");
        root.add("filter", "gzip", "word ".repeat(30).strip());
        root.add("filter", "y".repeat(120), "is long");

        List<String> lines = root.toText().lines().toList();

        assertEquals(List.of("filter    gzip" + "  word" + " word".repeat(16), "            word" + " word".repeat(12),
                "filter    " + "y".repeat(120), "            is long"), lines.subList(2, 6));
    }

    @Test
    void jsonHasValuesAndParts() {
        Map<String, Object> root = Json.object(sample().toJson());

        assertEquals("GET /", root.get("name"));
        Map<?, ?> step = (Map<?, ?>) ((List<?>) root.get("parts")).getFirst();
        assertEquals(true, step.get("chosen"));
        assertEquals(7L, step.get("line"));
        assertEquals(3, ((List<?>) step.get("parts")).size());
    }

    @Test
    void jsonKeepsEveryByte() {
        StringBuilder bytes = new StringBuilder();
        for (char c = 0; c <= 0xff; c++) {
            bytes.append(c);
        }

        assertEquals(bytes.toString(), Json.object(new Explanation("a", "", bytes.toString()).toJson()).get("text"));
        assertEquals("caf\u00e9", Json.object(new Explanation("a", "", "caf\u00c3\u00a9").toJson()).get("text"));
    }

    @Test
    void textsAreWrittenWithoutNeedlessBraces() {
        Template.Variables variables = (_, _) -> _ -> java.util.Optional.empty();

        assertEquals("$a/${b}c", Explanation.written(Template.parse("${a}/${b}c", variables).orElseThrow()));
    }
}
