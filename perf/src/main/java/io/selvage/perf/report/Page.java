package io.selvage.perf.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/// A self-contained HTML file: the template `page.html` beside this class, with the JSON of the report inside.
public final class Page {
    private static final String MARK = "{\"report\": \"goes here\"}";

    private Page() {
    }

    /// The page of `report`.
    public static String of(Report report) {
        return template().replace(MARK, report.json());
    }

    private static String template() {
        try (InputStream in = Page.class.getResourceAsStream("page.html")) {
            if (in == null) {
                throw new IllegalStateException("page.html is missing from the jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
