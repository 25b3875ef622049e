package io.selvage.server.config;

import io.selvage.server.net.ByteText;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;

/// The files of one configuration; the only place of this package that reads any. Used by one thread.
final class Sources {
    /// In bytes, for one file.
    static final int LARGEST_FILE = 16 << 20;
    /// How many times a file may be included altogether.
    static final int MOST_INCLUDES = 10_000;

    private final Path base;
    private final Function<String, Optional<byte[]>> bundled;
    private final Problems problems;
    private final Map<Path, Source> read = new LinkedHashMap<>();
    private int includes;

    /// @param base the folder that relative names are looked up in: the main file's
    /// @param bundled gives the files that come with the server, by their names
    Sources(Path base, Function<String, Optional<byte[]>> bundled, Problems problems) {
        this.base = base;
        this.bundled = bundled;
        this.problems = problems;
    }

    /// Every file read so far, each once, in the order of reading.
    List<Source> all() {
        return List.copyOf(read.values());
    }

    Source add(Source source) {
        read.putIfAbsent(source.path(), source);
        return source;
    }

    Optional<Source> main(Path path) {
        return open(path, Position.whole(ByteText.of(path)), ByteText.of(path));
    }

    /// The files that an `include` names, in order: none for a pattern that matches nothing; a problem for a plain
    /// name that is neither beside the configuration nor in the jar.
    List<Source> included(Word name) {
        Path path;
        try {
            path = base.resolve(ByteText.path(name.text())).normalize();
        } catch (InvalidPathException e) {
            problems.error(name.position(), "\"" + name + "\" is not a file name");
            return List.of();
        }
        if (isPattern(name.text())) {
            return matches(path.isAbsolute() ? path.getRoot() : Path.of(""), path).stream()
                    .sorted()
                    .flatMap(match -> open(match, name.position(), ByteText.of(match)).stream())
                    .toList();
        }
        String last = name.text().substring(name.text().lastIndexOf('/') + 1);
        Optional<byte[]> ours = bundled.apply(last);
        if (ours.isPresent() && !Files.exists(path)) {
            return List.of(add(new Source(ByteText.of(path), path, ours.get())));
        }
        return open(path, name.position(), name.text()).stream().toList();
    }

    private Optional<Source> open(Path path, Position asked, String name) {
        if (++includes > MOST_INCLUDES) {
            problems.error(asked, "more than " + MOST_INCLUDES + " files are included");
            return Optional.empty();
        }
        Source known = read.get(path);
        if (known != null) {
            return Optional.of(known);
        }
        try (InputStream in = Files.newInputStream(path)) {
            byte[] bytes = in.readNBytes(LARGEST_FILE + 1);
            if (bytes.length > LARGEST_FILE) {
                problems.error(asked, "\"" + name + "\" is larger than " + LARGEST_FILE + " bytes");
                return Optional.empty();
            }
            return Optional.of(add(new Source(ByteText.of(path), path, bytes)));
        } catch (NoSuchFileException e) {
            problems.error(asked, "\"" + name + "\" does not exist");
        } catch (IOException e) {
            problems.error(asked, "\"" + name + "\" cannot be read: " + (Files.isDirectory(path) ? "a folder" : e.getMessage()));
        }
        return Optional.empty();
    }

    private static boolean isPattern(String name) {
        return name.chars().anyMatch(c -> c == '*' || c == '?' || c == '[');
    }

    /// Walks down from `from` along the names of `pattern`, as glob(3) does: a leading dot must be written out.
    private static List<Path> matches(Path from, Path pattern) {
        List<Path> found = List.of(from);
        for (Path segment : pattern) {
            String name = segment.toString();
            var next = new ArrayList<Path>();
            for (Path folder : found) {
                if (isPattern(name)) {
                    next.addAll(list(folder, name));
                } else if (Files.exists(folder.resolve(name))) {
                    next.add(folder.resolve(name));
                }
            }
            found = next;
        }
        return found;
    }

    private static List<Path> list(Path folder, String pattern) {
        try (Stream<Path> children = Files.list(folder)) {
            PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + pattern.replaceAll("[{}]", "\\\\$0"));
            return children
                    .filter(child -> pattern.startsWith(".") || !child.getFileName().toString().startsWith("."))
                    .filter(child -> matcher.matches(child.getFileName()))
                    .toList();
        } catch (IOException | UncheckedIOException | PatternSyntaxException e) {
            return List.of();
        }
    }
}
