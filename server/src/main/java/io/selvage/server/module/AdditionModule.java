package io.selvage.server.module;

import io.selvage.server.config.Codec;
import io.selvage.server.config.Directives;
import io.selvage.server.config.Setting;
import io.selvage.server.http.MediaTypeSet;
import io.selvage.server.transform.AdditionFilter;
import java.util.Optional;

/// Text of other URIs before and behind responses.
final class AdditionModule implements Module {

    record AdditionSettings(
            @Setting(value = "add_before_body", doc = "Puts the response of another URI before bodies.") AddedUri before,
            @Setting(value = "add_after_body", doc = "Puts the response of another URI behind bodies.") AddedUri after,
            @Setting(value = "addition_types text/html", doc =
                    "Sets the media types of the bodies that get additions; `*` for all.")
                    MediaTypeSet types) {
    }

    /// The URI of an addition; empty for none.
    record AddedUri(String path) {
        Optional<String> chosen() {
            return path.isEmpty() ? Optional.empty() : Optional.of(path);
        }
    }

    @Override
    public Directives directives() {
        return new Directives()
                .settings(AdditionSettings.class, Contexts.HTTP, Contexts.SERVER, Contexts.LOCATION)
                .codec(AddedUri.class, Codec.maybe(new AddedUri(""),
                        Codec.word(argument -> new AddedUri(argument.text()), AddedUri::path)));
    }

    @Override
    public void assemble(LocationBuilder location) {
        AdditionSettings set = location.get(AdditionSettings.class);
        if (!set.before.path.isEmpty() || !set.after.path.isEmpty()) {
            location.responseFilter(new AdditionFilter(set.before.chosen(), set.after.chosen(), set.types));
        }
    }
}
