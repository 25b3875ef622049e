package io.selvage.perf.race;

import java.util.Map;

/// Text with the placeholders `${port}`, `${files}` (the folder served), `${peer}` (host and port of the application), `${work}`
/// (a folder of the target's own), `${config}`, `${home}` (where Selvage's sources are) and `${java}`. Anything else that looks
/// like one is left alone, because configuration languages have their own.
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
