package io.selvage.server.config;

import java.util.List;

/// What is answered in place of errors.
public record ErrorsConfig(@Setting("error_page") List<ErrorPageConfig> pages) {
    public ErrorsConfig {
        pages = List.copyOf(pages);
    }
}
