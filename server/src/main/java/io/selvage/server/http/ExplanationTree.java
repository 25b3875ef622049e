package io.selvage.server.http;

import java.util.List;

/// Writes an explanation as a tree for people.
///
/// The parts of the root are its steps: their kind stands in the first column. Parts below them are indented; their names stand
/// in one column where they are short enough. A part of the kind `bytes` is shown line by line.
final class ExplanationTree {
    /// The kind of a part whose text is shown as it is.
    static final String VERBATIM = "bytes";

    private static final int WIDTH = 100;
    private static final int KIND = 10;
    private static final int INDENT = 2;
    private static final int LONGEST_NAME = 34;

    private final StringBuilder out = new StringBuilder(4096);

    private ExplanationTree() {
    }

    static String of(Explanation root) {
        ExplanationTree tree = new ExplanationTree();
        tree.line("", root.name(), root.text());
        tree.out.append('\n');
        for (Explanation step : root.parts()) {
            tree.step(step);
        }
        return tree.out.toString();
    }

    private void step(Explanation step) {
        String kind = step.kind() + " ".repeat(Math.max(1, KIND - step.kind().length()));
        line(kind, step.name(), step.text());
        parts(step.parts(), KIND + INDENT);
    }

    private void parts(List<Explanation> parts, int indent) {
        int names = parts.stream().filter(part -> !part.kind().equals(VERBATIM))
                .mapToInt(part -> ReadableText.printable(part.name()).length())
                .filter(length -> length <= LONGEST_NAME).max().orElse(0);
        for (Explanation part : parts) {
            if (part.kind().equals(VERBATIM)) {
                part.text().stripTrailing().lines().forEach(line ->
                        out.append(" ".repeat(indent)).append("| ").append(ReadableText.printable(line)).append('\n'));
                continue;
            }
            String name = ReadableText.printable(part.name());
            String padding = part.text().isEmpty() || names == 0 ? "" : " ".repeat(Math.max(0, names - name.length()));
            line(" ".repeat(indent), name.isEmpty() ? "" : part.name() + padding, part.text());
            parts(part.parts(), indent + INDENT);
        }
    }

    /// One finding. What is too long goes on in the next line, below the text.
    private void line(String before, String name, String text) {
        StringBuilder line = new StringBuilder(before).append(ReadableText.printable(name));
        boolean named = !name.isEmpty();
        int hanging = before.length() + INDENT;
        for (String word : ReadableText.printable(text).split(" ")) {
            String gap = named ? "  " : line.length() > before.length() && !line.toString().isBlank() ? " " : "";
            if (line.length() + gap.length() + word.length() > WIDTH && line.length() > hanging) {
                out.append(line.toString().stripTrailing()).append('\n');
                line = new StringBuilder(" ".repeat(hanging));
                gap = "";
            }
            line.append(gap).append(word);
            named = false;
        }
        out.append(line.toString().stripTrailing()).append('\n');
    }
}
