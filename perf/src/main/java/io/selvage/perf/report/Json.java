package io.selvage.perf.report;

import java.util.Iterator;
import java.util.List;
import java.util.Map;

/// Writes maps, lists, texts and numbers as JSON (RFC 8259) that is safe inside an HTML script element.
final class Json {
    private Json() {
    }

    static String write(Object value) {
        var out = new StringBuilder();
        write(out, value);
        return out.toString();
    }

    private static void write(StringBuilder out, Object value) {
        switch (value) {
            case Map<?, ?> map -> {
                String comma = "{";
                for (Map.Entry<?, ?> pair : map.entrySet()) {
                    quote(out.append(comma), String.valueOf(pair.getKey()));
                    write(out.append(':'), pair.getValue());
                    comma = ",";
                }
                out.append(map.isEmpty() ? "{}" : "}");
            }
            case List<?> list -> {
                out.append('[');
                for (Iterator<?> each = list.iterator(); each.hasNext(); ) {
                    write(out, each.next());
                    out.append(each.hasNext() ? "," : "");
                }
                out.append(']');
            }
            case Double number when !Double.isFinite(number) -> out.append("null");
            case Number number -> out.append(number);
            case Boolean flag -> out.append(flag);
            default -> quote(out, value.toString());
        }
    }

    private static void quote(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ' || c == '<' || c == '\u2028' || c == '\u2029') {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }
}
