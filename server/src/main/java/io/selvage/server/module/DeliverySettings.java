package io.selvage.server.module;

import io.selvage.server.config.Argument;
import io.selvage.server.config.Codec;
import io.selvage.server.config.Directives;
import io.selvage.server.config.Line;
import io.selvage.server.config.Printable;
import io.selvage.server.config.Setting;
import io.selvage.server.config.Values;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Template;
import io.selvage.server.http.Text;
import io.selvage.server.proxy.Delivery;
import io.selvage.server.proxy.ResponseStore;
import io.selvage.server.proxy.TempFolder;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToLongFunction;

/// What is done with responses on their way from the peer to the client.
record DeliverySettings(
        @Setting(value = "*_limit_rate 0",
                doc = "Limits how fast a buffered response is read, in bytes a second; 0 for no limit.") Rate rate,
        @Setting(value = "*_force_ranges off", doc = "Cuts ranges out of responses, whatever peers say about ranges.",
                differs = "several ranges are answered with the whole") boolean forceRanges,
        @Setting(value = "*_store off", doc = "Stores responses as files; `on` where the location would look for them.")
                Store store,
        @Setting(value = "*_store_access user:rw", doc = "Sets the permissions of stored responses.") Access access) {

    static void codecs(Directives directives) {
        directives.codec(Rate.class, Codec.word(Rate::read, Rate::written))
                .codec(Store.class, Codec.word(Store::read, Store::written))
                .codec(Access.class, Codec.line(1, 3, Access::read));
    }

    /// @param temporary the folder for files that are not complete
    Delivery options(TempPath temporary, boolean trailers) {
        return new Delivery(rate.bytesPerSecond(), forceRanges, trailers, store.file().map(file ->
                new ResponseStore(file, access.permissions,
                        new TempFolder(temporary.folder(), temporary.levels(), TempFolder.Kept.WHILE_OPEN))));
    }

    /// Bytes a second. A value of variables that is no size means no limit.
    record Rate(Template text) {
        static Rate read(Argument argument) {
            if (!argument.text().contains("$")) {
                argument.size();
            }
            return new Rate(argument.template());
        }

        String written() {
            return text.toString();
        }

        ToLongFunction<Exchange> bytesPerSecond() {
            if (text.isLiteral()) {
                long bytes = Values.size(text.start()).orElse(0);
                return _ -> bytes;
            }
            return exchange -> Values.size(text.apply(exchange)).orElse(0);
        }
    }

    /// `proxy_store`
    ///
    /// @param on true to store the file that the location would look for
    /// @param path empty for none
    record Store(boolean on, Template path) {
        static Store read(Argument argument) {
            boolean on = argument.is("on");
            return new Store(on, on || argument.is("off") ? Template.EMPTY : argument.pathTemplate());
        }

        String written() {
            return on ? "on" : path.isEmpty() ? "off" : path.toString();
        }

        Optional<Text> file() {
            return on ? Optional.of(exchange -> exchange.routing().folder().file(exchange))
                    : path.isEmpty() ? Optional.empty() : Optional.of(path);
        }
    }

    /// `proxy_store_access`
    record Access(Set<PosixFilePermission> permissions) implements Printable {
        Access {
            permissions = Set.copyOf(permissions);
        }

        static Access read(Line line) {
            Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
            for (Argument argument : line.arguments()) {
                switch (argument.text()) {
                    case "user:rw" -> add(permissions, "OWNER", true);
                    case "user:r" -> add(permissions, "OWNER", false);
                    case "group:rw" -> add(permissions, "GROUP", true);
                    case "group:r" -> add(permissions, "GROUP", false);
                    case "all:rw" -> add(permissions, "OTHERS", true);
                    case "all:r" -> add(permissions, "OTHERS", false);
                    default -> argument.unknown();
                }
            }
            if (line.arguments().stream().noneMatch(argument -> argument.text().startsWith("user:"))) {
                add(permissions, "OWNER", true);
            }
            return new Access(permissions);
        }

        private static void add(Set<PosixFilePermission> permissions, String who, boolean write) {
            permissions.add(PosixFilePermission.valueOf(who + "_READ"));
            if (write) {
                permissions.add(PosixFilePermission.valueOf(who + "_WRITE"));
            }
        }

        @Override
        public List<String> words() {
            List<String> words = new ArrayList<>();
            for (String who : List.of("OWNER", "GROUP", "OTHERS")) {
                boolean read = permissions.contains(PosixFilePermission.valueOf(who + "_READ"));
                boolean write = permissions.contains(PosixFilePermission.valueOf(who + "_WRITE"));
                String name = who.equals("OWNER") ? "user" : who.equals("OTHERS") ? "all" : who.toLowerCase(Locale.ROOT);
                if (read) {
                    words.add(name + (write ? ":rw" : ":r"));
                }
            }
            return words;
        }
    }
}
