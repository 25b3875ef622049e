package io.selvage.server.module;

import io.selvage.server.compress.CoderSpec;
import io.selvage.server.compress.Compression;
import io.selvage.server.compress.ContentCoding;
import io.selvage.server.compress.Eligibility;
import io.selvage.server.compress.NativeLibrary;
import io.selvage.server.config.Argument;
import io.selvage.server.config.Codec;
import io.selvage.server.config.Directive;
import io.selvage.server.config.Directives;
import io.selvage.server.config.Line;
import io.selvage.server.config.Regexes;
import io.selvage.server.config.Setting;
import io.selvage.server.config.Shape;
import io.selvage.server.config.Values;
import io.selvage.server.files.FileHandler;
import io.selvage.server.files.PrecompressedFiles;
import io.selvage.server.http.CodedContent;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Handler;
import io.selvage.server.http.MediaTypeSet;
import io.selvage.server.http.Regex;
import io.selvage.server.http.Variable;
import io.selvage.server.http.Version;
import io.selvage.server.route.CompressionFilter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// Compression of responses: on the fly, and by files that were compressed beforehand.
final class CompressModule implements Module {
    private static final int SMALLEST_WINDOW = 10;
    private static final int LARGEST_WINDOW = 24;

    /// When a file that was compressed beforehand is sent.
    enum StaticUse { OFF, ON, ALWAYS }

    record GzipSettings(
            @Setting(value = "gzip off", also = "if", doc = "Compresses responses with gzip.",
                    differs = "not with `Cache-Control: no-transform`; the cache keeps compressed files") boolean on,
            @Setting(value = "gzip_comp_level 1", least = 1, most = 9, doc = "Sets the level of compression.") int level,
            @Setting(value = "gzip_min_length 20", doc = "Sets the length from which responses are compressed.") long least,
            @Setting(value = "gzip_types text/html", doc = "Sets the media types that are compressed; `*` for all.")
                    MediaTypeSet types,
            @Setting(value = "gzip_static off", doc = "Sends `.gz` files beside the requested ones.") StaticUse files) {
        private Compression compression() {
            return new Compression(new CoderSpec(ContentCoding.GZIP, level, 0), types, least);
        }
    }

    record BrotliSettings(
            @Setting(value = "brotli off", also = "if", doc = "Compresses responses with Brotli.", differs = BEYOND)
                    BrotliSwitch on,
            @Setting(value = "brotli_comp_level 6", most = 11, doc = "Sets the level of compression.", differs = BEYOND)
                    int level,
            @Setting(value = "brotli_window 512k", doc = "Sets the size of the window, a power of two from 1k to 16m.",
                    differs = BEYOND) Window window,
            @Setting(value = "brotli_min_length 20", doc = "Sets the length from which responses are compressed.",
                    differs = BEYOND) long least,
            @Setting(value = "brotli_types text/html", doc = "Sets the media types that are compressed; `*` for all.",
                    differs = BEYOND) MediaTypeSet types,
            @Setting(value = "brotli_static off", doc = "Sends `.br` files beside the requested ones.", differs = BEYOND)
                    StaticUse files) {
        private Compression compression() {
            return new Compression(new CoderSpec(ContentCoding.BROTLI, level, window.bits), types, least);
        }
    }

    record ZstdSettings(
            @Setting(value = "zstd off", also = "if", doc = "Compresses responses with Zstandard.", differs = BEYOND)
                    ZstdSwitch on,
            @Setting(value = "zstd_comp_level 1", least = 1, most = 22, doc = "Sets the level of compression.", differs = BEYOND)
                    int level,
            @Setting(value = "zstd_min_length 20", doc = "Sets the length from which responses are compressed.",
                    differs = BEYOND) long least,
            @Setting(value = "zstd_types text/html", doc = "Sets the media types that are compressed; `*` for all.",
                    differs = BEYOND) MediaTypeSet types,
            @Setting(value = "zstd_static off", doc = "Sends `.zst` files beside the requested ones.", differs = BEYOND)
                    StaticUse files) {
        private Compression compression() {
            return new Compression(new CoderSpec(ContentCoding.ZSTD, level, 0), types, least);
        }
    }

    private static final String BEYOND = "a module of others for nginx has it";

    /// What holds for all codings.
    record ClientSettings(
            @Setting(value = "gzip_http_version 1.1", doc = "Sets the lowest HTTP version of requests.", differs = FOR_ALL)
                    Version version,
            @Setting(value = "gzip_proxied off", doc = "Says which responses to proxies are compressed.", differs = FOR_ALL)
                    Set<Eligibility.Proxied> proxied,
            @Setting(value = "gzip_disable", doc = "Excludes clients by their `User-Agent`.", differs = FOR_ALL)
                    DisabledClients disabled,
            @Setting(value = "gzip_vary off", doc = "Sends `Vary: Accept-Encoding`.", differs = FOR_ALL) boolean vary) {
        ClientSettings {
            proxied = Set.copyOf(proxied);
        }

        Eligibility eligibility() {
            return new Eligibility(version, proxied, disabled.agents, disabled.msie6);
        }
    }

    private static final String FOR_ALL = "also for `brotli` and `zstd`";

    /// `brotli`
    record BrotliSwitch(boolean on) {
    }

    /// `zstd`
    record ZstdSwitch(boolean on) {
    }

    /// `brotli_window`
    ///
    /// @param bits the binary logarithm of its size in bytes
    record Window(int bits) {
        static Window read(Argument argument) {
            OptionalLong size = Values.size(argument.text());
            for (int bits = SMALLEST_WINDOW; bits <= LARGEST_WINDOW; bits++) {
                if (size.equals(OptionalLong.of(1L << bits))) {
                    return new Window(bits);
                }
            }
            argument.refuse("a power of two from 1k to 16m");
            return new Window(SMALLEST_WINDOW);
        }

        private String word() {
            return Values.size(1L << bits);
        }
    }

    /// `gzip_disable`
    ///
    /// @param msie6 whether `msie6` is among the expressions
    record DisabledClients(List<Regex> agents, boolean msie6) {
        static DisabledClients read(List<Line> lines) {
            List<Regex> agents = new ArrayList<>();
            boolean msie6 = false;
            for (Line line : lines) {
                for (Argument argument : line.arguments()) {
                    if (argument.is("msie6")) {
                        msie6 = true;
                    } else {
                        agents.add(Regexes.read(argument, true));
                    }
                }
            }
            return new DisabledClients(List.copyOf(agents), msie6);
        }

        private List<Directive> write(String name) {
            List<String> words = new ArrayList<>(agents.stream().map(Regex::source).toList());
            if (msie6) {
                words.add("msie6");
            }
            return words.isEmpty() ? List.of() : List.of(Directive.of(name, words));
        }
    }

    @Override
    public Directives directives() {
        return new Directives()
                .settings(GzipSettings.class, Contexts.HTTP, Contexts.SERVER, Contexts.LOCATION)
                .settings(BrotliSettings.class, Contexts.HTTP, Contexts.SERVER, Contexts.LOCATION)
                .settings(ZstdSettings.class, Contexts.HTTP, Contexts.SERVER, Contexts.LOCATION)
                .settings(ClientSettings.class, Contexts.HTTP, Contexts.SERVER, Contexts.LOCATION)
                .codec(BrotliSwitch.class, Codec.word(word -> new BrotliSwitch(loaded(word, ContentCoding.BROTLI)),
                        value -> value.on ? "on" : "off"))
                .codec(ZstdSwitch.class, Codec.word(word -> new ZstdSwitch(loaded(word, ContentCoding.ZSTD)),
                        value -> value.on ? "on" : "off"))
                .codec(Window.class, Codec.word(Window::read, Window::word))
                .codec(Version.class, Codec.word(CompressModule::version, version -> version.toString().substring(5)))
                .codec(DisabledClients.class, Codec.lines(Shape.of(1, Integer.MAX_VALUE).repeated(), DisabledClients::read,
                        (name, clients) -> clients.write(name)));
    }

    private static Version version(Argument argument) {
        if (argument.is("1.0")) {
            return Version.HTTP_1_0;
        }
        if (!argument.is("1.1")) {
            argument.refuse("\"1.0\", \"1.1\"");
        }
        return Version.HTTP_1_1;
    }

    /// Reads `on` or `off`, and reports `on` where the library of the coding cannot be loaded.
    private static boolean loaded(Argument argument, ContentCoding coding) {
        boolean on = argument.flag();
        if (on) {
            NativeLibrary.whyMissing(coding).ifPresent(why -> argument.problem("\"" + coding
                    + "\" needs a native library that cannot be loaded: " + why));
        }
        return on;
    }

    @Override
    public void assemble(LocationBuilder location) {
        List<Compression> codings = codings(location);
        if (!codings.isEmpty()) {
            ClientSettings clients = location.get(ClientSettings.class);
            location.responseFilter(new CompressionFilter(codings, clients.eligibility(), clients.vary));
        }
    }

    /// The codings that are on, in the order of preference.
    private static List<Compression> codings(LocationBuilder location) {
        List<Compression> codings = new ArrayList<>();
        if (location.get(ZstdSettings.class).on.on) {
            codings.add(location.get(ZstdSettings.class).compression());
        }
        if (location.get(BrotliSettings.class).on.on) {
            codings.add(location.get(BrotliSettings.class).compression());
        }
        if (location.get(GzipSettings.class).on) {
            codings.add(location.get(GzipSettings.class).compression());
        }
        return codings;
    }

    /// The handler of files, with those that were compressed beforehand where the location uses them.
    static Handler withPrecompressed(LocationBuilder location, FileHandler files) {
        List<PrecompressedFiles.Form> forms = new ArrayList<>();
        addForm(forms, ContentCoding.ZSTD, location.get(ZstdSettings.class).files);
        addForm(forms, ContentCoding.BROTLI, location.get(BrotliSettings.class).files);
        addForm(forms, ContentCoding.GZIP, location.get(GzipSettings.class).files);
        ClientSettings clients = location.get(ClientSettings.class);
        return forms.isEmpty() ? files : new PrecompressedFiles(files, forms, clients.eligibility(), clients.vary);
    }

    private static void addForm(List<PrecompressedFiles.Form> forms, ContentCoding coding, StaticUse use) {
        if (use != StaticUse.OFF) {
            forms.add(new PrecompressedFiles.Form(coding, use == StaticUse.ALWAYS));
        }
    }

    @Override
    public Variables variables(VariableSources sources) {
        Map<String, Variable> ratios = new HashMap<>();
        for (ContentCoding coding : ContentCoding.values()) {
            ratios.put(coding + "_ratio", exchange -> ratio(exchange, coding));
        }
        return Variables.of(ratios);
    }

    /// How many times smaller the response became, with two decimals. Absent for one that was not compressed with this coding.
    private static Optional<String> ratio(Exchange exchange, ContentCoding coding) {
        return exchange.outcome().coded().filter(content -> content.coding().equals(coding.token()))
                .filter(_ -> exchange.outcome().head().filter(head -> head.headers().contains("Content-Encoding")).isPresent())
                .flatMap(CompressModule::ratio);
    }

    private static Optional<String> ratio(CodedContent content) {
        if (content.after() == 0) {
            return Optional.empty();
        }
        long hundredths = Math.round(100.0 * content.before() / content.after());
        return Optional.of(hundredths / 100 + "." + Long.toString(100 + hundredths % 100).substring(1));
    }
}
