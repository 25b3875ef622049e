package io.selvage.perf.race;

import java.util.Map;

/// Text with the placeholders `${port}`, `${files}` (the served folder), `${peer}` (host and port of the application), `${work}`
/// (a folder for the target), `${workers}` (`auto`, or 1 for a target on one core: nginx counts the cores of the machine),
/// `${config}`, `${certificate}` and `${key}` (PEM files, where connections are encrypted), `${home}` (Selvage's source folder)
/// and `${java}`. Other text of this form is not changed, because configuration languages use it for variables.
record ConfigTemplate(Map<String, String> values) {
    ConfigTemplate {
        values = Map.copyOf(values);
    }

    String fill(String text) {
        String filled = text;
        for (Map.Entry<String, String> value : values.entrySet()) {
            filled = filled.replace("${" + value.getKey() + "}", value.getValue());
        }
        return filled;
    }
}
