package io.selvage.perf.input;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;

/// Reads a YAML document whose root is a mapping. The only class that starts the YAML library.
public final class YamlFile {
    private YamlFile() {
    }

    /// Reads the mapping in `file`.
    ///
    /// @throws UserError with file, line and column if the file cannot be read or is not YAML
    public static YamlMapping read(Path file) throws UserError {
        try {
            return parse(file.toString(), Files.readString(file));
        } catch (NoSuchFileException e) {
            throw new UserError(file + ": no such file");
        } catch (IOException e) {
            throw new UserError(file + ": cannot be read: " + e.getMessage());
        }
    }

    /// Reads the mapping in `text`. Every error message starts with `name`.
    public static YamlMapping parse(String name, String text) throws UserError {
        LoadSettings settings = LoadSettings.builder().setLabel(name).setAllowDuplicateKeys(false).build();
        try {
            return switch (new Compose(settings).composeString(text).orElse(null)) {
                case MappingNode top -> new YamlMapping(name, top);
                case null -> throw new UserError(name + ":1:1: the file is empty");
                default -> throw new UserError(name + ":1:1: expected \"key: value\" lines");
            };
        } catch (MarkedYamlEngineException e) {
            String where = e.getProblemMark().map(mark -> ":" + (mark.getLine() + 1) + ":" + (mark.getColumn() + 1)).orElse("");
            throw new UserError(name + where + ": " + e.getProblem());
        } catch (YamlEngineException e) {
            throw new UserError(name + ": " + String.valueOf(e.getMessage()).lines().findFirst().orElse("not YAML"));
        }
    }
}
