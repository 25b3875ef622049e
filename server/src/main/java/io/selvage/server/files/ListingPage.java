package io.selvage.server.files;

import io.selvage.server.files.ListedFile.Kind;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// The content of a folder as a page for people. It needs no script: a column's head is a link that orders the page by it.
///
/// @param path of the folder, decoded; each `char` is one byte
/// @param order of the files
/// @param exactSize true to show sizes in bytes
/// @param zone of the times
/// @param types choose the pictures
record ListingPage(String path, ListingOrder order, boolean exactSize, ZoneId zone, MimeTypes types) {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm", Locale.ROOT);
    private static final int KIB = 1024;
    private static final String[] UNITS = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    private static final String UNRESERVED = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    private static final Set<String> ARCHIVES = Set.of("zip", "gz", "tgz", "bz2", "xz", "zst", "7z", "rar", "tar", "jar", "war",
            "deb", "rpm", "iso", "img", "dmg", "apk");

    /// Colours of the system's light or dark scheme, one row for each file.
    private static final String STYLE = """
            :root { color-scheme: light dark; --line: #8883; --faint: #777; --link: #0b57d0; --folder: #c58a00; }
            @media (prefers-color-scheme: dark) { :root { --faint: #999; --link: #8ab4f8; --folder: #f2c14e; } }
            body > svg { position: absolute; }
            body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
            h1 { font-size: 1.25rem; font-weight: 600; overflow-wrap: anywhere; }
            a { color: var(--link); text-decoration: none; }
            a:hover { text-decoration: underline; }
            table { width: 100%; border-collapse: collapse; }
            th { text-align: left; font-weight: 600; white-space: nowrap; }
            th a { color: inherit; }
            th, td { padding: .35rem .5rem; border-bottom: 1px solid var(--line); }
            tbody tr:hover { background: var(--line); }
            td:first-child { overflow-wrap: anywhere; }
            .size { text-align: right; }
            td.size, td.time { color: var(--faint); white-space: nowrap; font-variant-numeric: tabular-nums; }
            svg { width: 1.15em; height: 1.15em; vertical-align: -.2em; margin-right: .5em; fill: none; stroke: var(--faint);
              stroke-width: 1.5; stroke-linejoin: round; stroke-linecap: round; }
            svg.folder { stroke: var(--folder); }
            @media (max-width: 30rem) { .time { display: none; } }
            """;

    private static final String SHEET = "<path d=\"M5 2.5h7l4 4v11H5z\"/><path d=\"M12 2.5v4h4\"/>";

    /// Pictures, drawn once.
    private static final String PICTURES = """
            <svg width="0" height="0" aria-hidden="true">
            <symbol id="folder" viewBox="0 0 20 20"><path d="M2.5 5.5h5l1.5 2h8.5v9h-15z"/></symbol>
            <symbol id="up" viewBox="0 0 20 20"><path d="M15.5 16.5h-6v-12"/><path d="M5.5 8.5l4-4 4 4"/></symbol>
            <symbol id="file" viewBox="0 0 20 20">%1$s</symbol>
            <symbol id="text" viewBox="0 0 20 20">%1$s<path d="M8 10h5M8 12.5h5M8 15h3"/></symbol>
            <symbol id="code" viewBox="0 0 20 20">%1$s<path d="M9 10l-2 2 2 2M12 10l2 2-2 2"/></symbol>
            <symbol id="image" viewBox="0 0 20 20"><path d="M3 4h14v12h-14z"/><path d="M3 14l4-4 3 3 3-4 4 5"/><circle cx="7" \
            cy="7" r="1"/></symbol>
            <symbol id="video" viewBox="0 0 20 20"><path d="M3 4h14v12h-14z"/><path d="M8.5 7.5l4 2.5-4 2.5z"/></symbol>
            <symbol id="audio" viewBox="0 0 20 20"><path d="M8 15v-10l7-1.5v10"/><circle cx="6" cy="15" r="2"/><circle cx="13" \
            cy="13.5" r="2"/></symbol>
            <symbol id="archive" viewBox="0 0 20 20"><path d="M3 4h14v3h-14zM4 7h12v9h-12zM8 10h4"/></symbol>
            </svg>
            """.formatted(SHEET);

    String text(List<ListedFile> files) {
        StringBuilder page = new StringBuilder(4096 + 256 * files.size());
        page.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
                .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>Index of ")
                .append(ListingText.escaped(path)).append("</title>\n<style>\n").append(STYLE)
                .append("</style>\n</head>\n<body>\n").append(PICTURES).append("<h1>Index of ");
        appendTrail(page);
        page.append("</h1>\n<table>\n<thead>\n<tr>");
        appendHead(page, ListingOrder.Column.NAME, "Name");
        appendHead(page, ListingOrder.Column.TIME, "Last modified");
        appendHead(page, ListingOrder.Column.SIZE, "Size");
        page.append("</tr>\n</thead>\n<tbody>\n");
        if (!path.equals("/")) {
            page.append("<tr><td>").append(picture("up")).append("<a href=\"../\">../</a></td><td class=\"time\"></td>")
                    .append("<td class=\"size\"></td></tr>\n");
        }
        files.stream().sorted(order.comparator()).forEach(file -> appendRow(page, file));
        if (files.isEmpty()) {
            page.append("<tr><td colspan=\"3\">This folder is empty.</td></tr>\n");
        }
        if (files.size() == FolderReader.MOST) {
            page.append("<tr><td colspan=\"3\">There may be more files, which are not shown.</td></tr>\n");
        }
        return page.append("</tbody>\n</table>\n</body>\n</html>\n").toString();
    }

    /// The path, each of its folders a link.
    private void appendTrail(StringBuilder page) {
        String[] names = path.split("/", -1);                        // "/a/b/" -> "", "a", "b", ""
        int last = names.length - 2;
        for (int i = 0; i <= last; i++) {
            page.append("<a href=\"").append(i == last ? "./" : "../".repeat(last - i)).append("\">")
                    .append(ListingText.escaped(names[i])).append("/</a>");
        }
    }

    private void appendHead(StringBuilder page, ListingOrder.Column column, String title) {
        boolean current = order.column() == column;
        boolean next = current && !order.descending();
        page.append("<th class=\"").append(column.id()).append('"');
        if (current) {
            page.append(" aria-sort=\"").append(order.descending() ? "descending" : "ascending").append('"');
        }
        page.append("><a href=\"?sort=").append(column.id()).append("&amp;order=").append(next ? "desc" : "asc").append("\">")
                .append(title).append(current ? order.descending() ? " &#8595;" : " &#8593;" : "").append("</a></th>");
    }

    private void appendRow(StringBuilder page, ListedFile file) {
        String slash = file.isDirectory() ? "/" : "";
        page.append("<tr><td>").append(picture(kind(file)))
                .append("<a href=\"").append(encoded(file.name())).append(slash).append("\">")
                .append(ListingText.escaped(file.name())).append(slash)
                .append("</a></td><td class=\"time\"><time datetime=\"").append(Instant.ofEpochSecond(file.changed()))
                .append("\">").append(TIME.format(Instant.ofEpochSecond(file.changed()).atZone(zone)))
                .append("</time></td><td class=\"size\">");
        if (file.kind() == Kind.FILE) {
            page.append("<data value=\"").append(file.size()).append("\">")
                    .append(exactSize ? Long.toString(file.size()) : readable(file.size())).append("</data>");
        } else {
            page.append("&ndash;");
        }
        page.append("</td></tr>\n");
    }

    /// The attributes hold where a `Content-Security-Policy` forbids the style.
    private static String picture(String id) {
        return "<svg class=\"" + id + "\" width=\"18\" height=\"18\" fill=\"none\" stroke=\"currentColor\" aria-hidden=\"true\">"
                + "<use href=\"#" + id + "\"/></svg>";
    }

    private String kind(ListedFile file) {
        if (file.isDirectory()) {
            return "folder";
        }
        String name = file.name();
        if (ARCHIVES.contains(name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT))) {
            return "archive";
        }
        String type = types.of("/" + name);
        String family = type.substring(0, Math.max(0, type.indexOf('/')));
        return switch (family) {
            case "image", "video", "audio" -> family;
            case "text" -> type.equals("text/plain") ? "text" : "code";
            default -> type.contains("json") || type.contains("xml") || type.contains("javascript") ? "code"
                    : type.contains("pdf") || type.contains("msword") || type.contains("document") ? "text" : "file";
        };
    }

    /// `1.4 MiB`; bytes below a KiB.
    static String readable(long size) {
        if (size < KIB) {
            return size + " B";
        }
        double value = size;
        int unit = -1;
        while (value >= KIB - 0.05 && unit < UNITS.length - 1) {
            value /= KIB;
            unit++;
        }
        return String.format(Locale.ROOT, "%.1f ", value) + UNITS[unit];
    }

    /// A name as a segment of a relative reference (RFC 3986 §4.2): encoded, so that a colon in it makes no scheme.
    private static String encoded(String name) {
        StringBuilder encoded = new StringBuilder(name.length() + 8);
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (UNRESERVED.indexOf(c) >= 0) {
                encoded.append(c);
            } else {
                encoded.append(String.format("%%%02X", (int) c));
            }
        }
        return encoded.toString();
    }
}
