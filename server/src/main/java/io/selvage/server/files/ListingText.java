package io.selvage.server.files;

import io.selvage.server.http.HttpDate;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/// The content of a folder as nginx writes it for programs. Names keep their bytes.
final class ListingText {
    private ListingText() {
    }

    static String json(List<ListedFile> files) {
        StringBuilder text = new StringBuilder("[\r\n");
        String before = "";
        for (ListedFile file : ordered(files)) {
            text.append(before).append("{ \"name\":\"");
            appendJson(text, file.name());
            text.append("\", \"type\":\"").append(kind(file)).append("\", \"mtime\":\"")
                    .append(HttpDate.format(file.changed())).append('"');
            if (file.kind() == ListedFile.Kind.FILE) {
                text.append(", \"size\":").append(file.size());
            }
            text.append(" }");
            before = ",\r\n";
        }
        return text.append("\r\n]").toString();
    }

    static String xml(List<ListedFile> files) {
        StringBuilder text = new StringBuilder("<?xml version=\"1.0\"?>\r\n<list>\r\n");
        for (ListedFile file : ordered(files)) {
            text.append('<').append(kind(file)).append(" mtime=\"").append(Instant.ofEpochSecond(file.changed())).append('"');
            if (file.kind() == ListedFile.Kind.FILE) {
                text.append(" size=\"").append(file.size()).append('"');
            }
            text.append('>').append(escaped(file.name())).append("</").append(kind(file)).append(">\r\n");
        }
        return text.append("</list>\r\n").toString();
    }

    private static List<ListedFile> ordered(List<ListedFile> files) {
        return files.stream().sorted(ListingOrder.BY_NAME.comparator()).toList();
    }

    private static String kind(ListedFile file) {
        return file.kind().name().toLowerCase(Locale.ROOT);
    }

    /// As the text of an element or of a quoted attribute.
    static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
    }

    private static void appendJson(StringBuilder text, String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            switch (c) {
                case '"', '\\' -> text.append('\\').append(c);
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                case '\t' -> text.append("\\t");
                case '\b' -> text.append("\\b");
                case '\f' -> text.append("\\f");
                default -> {
                    if (c < ' ') {
                        text.append(String.format("\\u%04X", (int) c));
                    } else {
                        text.append(c);
                    }
                }
            }
        }
    }
}
