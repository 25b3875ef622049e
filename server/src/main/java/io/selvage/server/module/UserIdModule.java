package io.selvage.server.module;

import io.selvage.server.config.Argument;
import io.selvage.server.config.Codec;
import io.selvage.server.config.Directives;
import io.selvage.server.config.Line;
import io.selvage.server.config.Printable;
import io.selvage.server.config.Setting;
import io.selvage.server.config.Values;
import io.selvage.server.route.UserIdFilter;
import io.selvage.server.route.UserIdSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/// Cookies by which clients are recognised.
final class UserIdModule implements Module {
    private static final String OFF = "off";
    private static final String NONE = "none";

    /// `userid`
    enum Mode { OFF, ON, V1, LOG }

    record UserIdSettings(
            @Setting(value = "userid off", doc = "Gives clients a cookie with a number, or reads it.") Mode mode,
            @Setting(value = "userid_name uid", doc = "Names the cookie.") String name,
            @Setting(value = "userid_domain none", doc = "Sets the domain of the cookie.") String domain,
            @Setting(value = "userid_path /", doc = "Sets the path of the cookie.") String path,
            @Setting(value = "userid_expires off", doc = "Sets how long the browser keeps the cookie.") CookieAge expires,
            @Setting(value = "userid_flags off", doc = "Adds attributes to the cookie.") CookieFlags flags,
            @Setting(value = "userid_mark off", doc = "Marks the cookies; one with another mark is sent again.") Mark mark,
            Issue issue) {
    }

    /// What goes with new cookies.
    record Issue(
            @Setting(value = "userid_p3p none", doc = "Sets the `P3P` field that goes with the cookie.") String p3p,
            @Setting(value = "userid_service", doc =
                    "Sets the part of the number that names the server.") Optional<Service> service) {
    }

    /// @param number 32 bits without a sign
    record Service(long number) {
    }

    /// `userid_expires`; empty for `off`.
    record CookieAge(Optional<Duration> age) {
        static CookieAge read(Argument argument) {
            return switch (argument.text()) {
                case OFF -> new CookieAge(Optional.empty());
                case "max" -> new CookieAge(Optional.of(UserIdFilter.MAX));
                default -> new CookieAge(Optional.of(argument.time()));
            };
        }

        String word() {
            return age.map(time -> time.equals(UserIdFilter.MAX) ? "max" : Values.time(time)).orElse(OFF);
        }
    }

    /// `userid_flags`
    ///
    /// @param names in the order in which the cookie has them
    record CookieFlags(List<String> names) implements Printable {
        private static final List<String> KNOWN =
                List.of("secure", "httponly", "samesite=strict", "samesite=lax", "samesite=none");

        static CookieFlags read(Line line) {
            if (line.hasOnly(OFF)) {
                return new CookieFlags(List.of());
            }
            Set<String> chosen = new HashSet<>();
            for (Argument argument : line.arguments()) {
                if (!KNOWN.contains(argument.text().toLowerCase(Locale.ROOT))) {
                    argument.unknown();
                }
                chosen.add(argument.text().toLowerCase(Locale.ROOT));
            }
            return new CookieFlags(KNOWN.stream().filter(chosen::contains).toList());
        }

        @Override
        public List<String> words() {
            return names.isEmpty() ? List.of(OFF) : names;
        }

        private String attributes() {
            return names.stream().map(name -> "; " + name).collect(Collectors.joining());
        }
    }

    /// `userid_mark`
    ///
    /// @param character `=` for none
    record Mark(char character) {
        static Mark read(Argument argument) {
            if (argument.is(OFF)) {
                return new Mark('=');
            }
            if (!argument.text().matches("[A-Za-z0-9=]")) {
                argument.refuse("a letter, a digit, \"=\" or \"off\"");
            }
            return new Mark(argument.text().isEmpty() ? '=' : argument.text().charAt(0));
        }

        String word() {
            return character == '=' ? OFF : String.valueOf(character);
        }
    }

    @Override
    public Directives directives() {
        return new Directives()
                .settings(UserIdSettings.class, Contexts.HTTP, Contexts.SERVER, Contexts.LOCATION)
                .codec(CookieAge.class, Codec.word(CookieAge::read, CookieAge::word))
                .codec(CookieFlags.class, Codec.line(1, 3, CookieFlags::read))
                .codec(Mark.class, Codec.word(Mark::read, Mark::word))
                .codec(Service.class, Codec.word(UserIdModule::service, service -> Long.toString(service.number)));
    }

    private static Service service(Argument argument) {
        OptionalLong number = Values.number(argument.text());
        if (number.isEmpty() || number.getAsLong() > 0xffff_ffffL) {
            argument.refuse("a number of 32 bits");
        }
        return new Service(number.orElse(0));
    }

    @Override
    public Variables variables(VariableSources sources) {
        return Variables.of(Map.of(
                "uid_got", UserIdFilter::received,
                "uid_set", UserIdFilter::set,
                "uid_reset", exchange -> exchange.routing().variable("uid_reset")));
    }

    @Override
    public void assemble(LocationBuilder location) {
        UserIdSettings set = location.get(UserIdSettings.class);
        if (set.mode != Mode.OFF) {
            UserIdFilter filter = filter(set);
            location.filter(filter);
            location.responseFilter(filter);
        }
    }

    private static UserIdFilter filter(UserIdSettings set) {
        List<String> attributes = new ArrayList<>();
        if (!set.domain.equals(NONE)) {
            attributes.add("; domain=" + set.domain);
        }
        attributes.add("; path=" + set.path + set.flags.attributes());
        OptionalLong service = set.issue.service.map(number -> OptionalLong.of(number.number)).orElse(OptionalLong.empty());
        return new UserIdFilter(set.mode != Mode.LOG, set.name, set.expires.age, String.join("", attributes), set.mark.character,
                set.issue.p3p.equals(NONE) ? "" : set.issue.p3p, new UserIdSource(set.mode == Mode.V1, service));
    }
}
