package io.selvage.server.module;

import io.selvage.server.config.Argument;
import io.selvage.server.config.Codec;
import io.selvage.server.config.Directives;
import io.selvage.server.config.Line;
import io.selvage.server.config.Printable;
import io.selvage.server.config.Section;
import io.selvage.server.config.Setting;
import io.selvage.server.config.Values;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Text;
import io.selvage.server.route.AddedHeaders;
import io.selvage.server.route.Expires;
import io.selvage.server.route.Expires.When;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/// Response fields.
final class HeaderModule implements Module {
    private static final Duration A_DAY = Duration.ofDays(1);

    record HeaderSettings(
            @Setting(value = "server_tokens on",
                    doc = "Names the version in `Server` and in built-in pages; `off` the product alone; or another text.",
                    differs = "`build` means `on`") Text serverTokens,
            @Setting(value = "add_header", also = "if", doc = "Adds a field to responses.",
                    differs = "none of framing: nginx sends `Content-Length` even with 204") List<AddedHeaders.Field> added,
            @Setting(value = "add_header_inherit on", also = "if",
                    doc = "Sets how `add_header` is inherited: `merge` adds to the outer ones, `off` drops them.")
                    Inheritance inheritance,
            @Setting(value = "expires off", also = "if", doc = "Sets `Expires` and `Cache-Control: max-age`.") Expiry expires) {
        HeaderSettings {
            added = List.copyOf(added);
        }
    }

    /// How fields that are added are inherited.
    enum Inheritance {
        /// Those around a block are not added inside it.
        OFF,
        /// Those around a block are added if the block has none of its own.
        ON,
        /// Those around a block are added too, before its own.
        MERGE;

        /// The fields that are added in a section.
        ///
        /// @param directive adds a field
        /// @param nearest the fields of the nearest section that has any
        /// @param inheritance of a section
        static List<AddedHeaders.Field> fields(Section section, String directive,
                Function<Section, List<AddedHeaders.Field>> nearest, Function<Section, Inheritance> inheritance) {
            List<AddedHeaders.Field> own =
                    section.scope().here(directive).isEmpty() ? List.of() : nearest.apply(section);
            Inheritance how = inheritance.apply(section);
            boolean outermost = section.context().equals(Contexts.HTTP) || section.outer().isEmpty();
            if (outermost || how == OFF || how == ON && !section.scope().here(directive).isEmpty()) {
                return own;
            }
            List<AddedHeaders.Field> all =
                    new ArrayList<>(fields(section.outer().get(), directive, nearest, inheritance));
            all.addAll(own);
            return all;
        }
    }

    /// The expiry time of responses: fixed, or from a variable.
    sealed interface Expiry extends Function<Exchange, When>, Printable {
        static Expiry read(Line line) {
            Argument last = line.argument(line.count() - 1);
            boolean fromChange = line.count() == 2;
            if (fromChange && !line.argument(0).is("modified")) {
                line.argument(0).refuse("\"modified\" before a time");
            }
            if (last.text().contains("$")) {
                return new ByVariable(last.template(), fromChange);
            }
            Optional<When> fixed = when(last.text(), fromChange);
            if (fixed.isEmpty()) {
                refuse(last, fromChange);
            }
            return new Fixed(fixed.orElse(new When.Off()));
        }

        private static void refuse(Argument argument, boolean fromChange) {
            boolean timeOfDay = argument.text().startsWith("@");
            Argument time = argument.with(argument.text().substring(timeOfDay || argument.text().matches("[+-].*") ? 1 : 0));
            if (timeOfDay && fromChange) {
                argument.refuse("a span of time behind \"modified\"");
            } else if (timeOfDay && Values.millis(time.text()).isPresent()) {
                argument.refuse("a time of the day");
            } else {
                time.refuse("a time");
            }
        }
    }

    record Fixed(When when) implements Expiry {
        @Override
        public When apply(Exchange exchange) {
            return when;
        }

        @Override
        public List<String> words() {
            return switch (when) {
                case When.Off() -> List.of("off");
                case When.Epoch() -> List.of("epoch");
                case When.Max() -> List.of("max");
                case When.FromNow(long seconds) -> List.of(offset(seconds));
                case When.FromChange(long seconds) -> List.of("modified", offset(seconds));
                case When.At(var time) -> List.of("@" + time.toSecondOfDay() + "s");
            };
        }

        private static String offset(long seconds) {
            return seconds + "s";
        }
    }

    /// @param fromChange whether a time counts from the last change; then only a time will do
    record ByVariable(Text text, boolean fromChange) implements Expiry {
        @Override
        public When apply(Exchange exchange) {
            return when(text.apply(exchange), fromChange).orElse(new When.Off());
        }

        @Override
        public List<String> words() {
            return fromChange ? List.of("modified", text.toString()) : List.of(text.toString());
        }
    }

    /// The expiry time that the arguments mean; empty if they are invalid.
    private static Optional<When> when(String words, boolean fromChange) {
        if (fromChange) {
            return seconds(words).map(When.FromChange::new);
        }
        return switch (words) {
            case "off" -> Optional.of(new When.Off());
            case "epoch" -> Optional.of(new When.Epoch());
            case "max" -> Optional.of(new When.Max());
            case String text when text.startsWith("@") -> timeOfDay(text.substring(1)).map(When.At::new);
            default -> seconds(words).map(When.FromNow::new);
        };
    }

    private static Optional<Long> seconds(String text) {
        boolean signed = text.startsWith("-") || text.startsWith("+");
        OptionalLong millis = Values.millis(signed ? text.substring(1) : text);
        if (millis.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(Math.floorDiv(text.startsWith("-") ? -millis.getAsLong() : millis.getAsLong(), 1000L));
    }

    private static Optional<LocalTime> timeOfDay(String text) {
        OptionalLong millis = Values.millis(text);
        return millis.isEmpty() || millis.getAsLong() > A_DAY.toMillis() ? Optional.empty()
                : Optional.of(LocalTime.ofSecondOfDay(millis.getAsLong() / 1000 % A_DAY.toSeconds()));
    }

    @Override
    public Directives directives() {
        return new Directives()
                .settings(HeaderSettings.class, Contexts.HTTP, Contexts.SERVER, Contexts.LOCATION)
                .codec(AddedHeaders.Field.class, Codec.line(2, 3, HeaderModule::field, HeaderModule::words))
                .codec(Expiry.class, Codec.line(1, 2, Expiry::read));
    }

    @Override
    public void assemble(LocationBuilder location) {
        HeaderSettings set = location.get(HeaderSettings.class);
        location.product(product(set.serverTokens));
        if (!set.expires.equals(new Fixed(new When.Off()))) {
            location.responseFilter(new Expires(set.expires, location.state().logs().time(), ZoneId.systemDefault()));
        }
        List<AddedHeaders.Field> added = Inheritance.fields(location.section(), "add_header",
                section -> section.get(HeaderSettings.class).added, section -> section.get(HeaderSettings.class).inheritance);
        if (!added.isEmpty()) {
            location.responseFilter(new AddedHeaders(added));
        }
    }

    private static Text product(Text tokens) {
        return switch (tokens.toString().toLowerCase(Locale.ROOT)) {
            case "off" -> Text.literal(ProductVersion.PRODUCT);
            case "on", "build" -> Text.literal(ProductVersion.PRODUCT + "/" + ProductVersion.NUMBER);
            default -> tokens;
        };
    }

    private static AddedHeaders.Field field(Line line) {
        if (line.count() > 2 && !line.argument(2).is("always")) {
            line.argument(2).unknown();
        }
        boolean nothing = line.argument(0).text().isEmpty() && line.argument(1).text().isEmpty();
        return new AddedHeaders.Field(nothing ? "" : FieldNameArgument.read(line.argument(0)), line.argument(1).template(),
                line.count() > 2);
    }

    private static List<String> words(AddedHeaders.Field field) {
        return field.always() ? List.of(field.name(), field.value().toString(), "always")
                : List.of(field.name(), field.value().toString());
    }
}
