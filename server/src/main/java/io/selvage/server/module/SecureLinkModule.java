package io.selvage.server.module;

import io.selvage.server.config.Directives;
import io.selvage.server.config.Section;
import io.selvage.server.config.Setting;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Template;
import io.selvage.server.route.SecureLink;
import java.util.Map;
import java.util.Optional;

/// Links with a proof that they are authentic (`secure_link`).
final class SecureLinkModule implements Module {
    private static final String VALUE = "secure_link";
    private static final String EXPIRES = "secure_link_expires";

    record SecureLinkSettings(
            @Setting(value = "secure_link", doc = "Sets the hash and the time of expiry in a link.") Template link,
            @Setting(value = "secure_link_md5", doc = "Sets the text whose MD5 hash a link must have.") Template md5,
            @Setting(value = "secure_link_secret", in = "location", doc = "Sets the word that links in the path prove to know.")
                    Optional<String> secret) {
    }

    @Override
    public Directives directives() {
        return new Directives()
                .settings(SecureLinkSettings.class, Contexts.HTTP, Contexts.SERVER, Contexts.LOCATION)
                .check(main -> main.inside(Contexts.HTTP).forEach(SecureLinkModule::check));
    }

    private static void check(Section section) {
        for (Section inner : section.inside(section.context().equals(Contexts.HTTP) ? Contexts.SERVER : Contexts.LOCATION)) {
            SecureLinkSettings set = inner.get(SecureLinkSettings.class);
            if (set.secret.isPresent() && !(set.link.isEmpty() && set.md5.isEmpty())) {
                inner.line().problem("\"secure_link_secret\" cannot be mixed with \"secure_link\" and \"secure_link_md5\"");
            }
            check(inner);
        }
    }

    @Override
    public void assemble(LocationBuilder location) {
        SecureLinkSettings set = location.get(SecureLinkSettings.class);
        if (set.secret.isPresent()) {
            location.value(new SecureLinkOf(new SecureLink.InPath(set.secret.get())));
        } else if (!set.link.isEmpty() && !set.md5.isEmpty()) {
            location.value(new SecureLinkOf(new SecureLink.Hashed(set.link, set.md5,
                    () -> location.state().logs().time().millis() / 1000)));
        }
    }

    /// The check of a location.
    private record SecureLinkOf(SecureLink link) {
    }

    @Override
    public Variables variables(VariableSources sources) {
        return Variables.of(Map.of(
                VALUE, SecureLinkModule::value,
                EXPIRES, exchange -> exchange.routing().variable(EXPIRES)));
    }

    /// The value of an authentic link for the whole exchange. The first use also sets the time of expiry.
    private static Optional<String> value(Exchange exchange) {
        Optional<String> known = exchange.routing().variable(VALUE);
        if (known.isPresent()) {
            return known;
        }
        Optional<SecureLink.Checked> checked =
                exchange.routing().values().get(SecureLinkOf.class).map(of -> of.link.check(exchange));
        checked.flatMap(SecureLink.Checked::expires).ifPresent(time -> exchange.routing().setVariable(EXPIRES, time));
        checked.flatMap(SecureLink.Checked::value).ifPresent(value -> exchange.routing().setVariable(VALUE, value));
        return checked.flatMap(SecureLink.Checked::value);
    }
}
