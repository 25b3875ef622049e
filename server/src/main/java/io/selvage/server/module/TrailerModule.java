package io.selvage.server.module;

import io.selvage.server.config.Directives;
import io.selvage.server.config.Setting;
import io.selvage.server.module.HeaderModule.Inheritance;
import io.selvage.server.route.AddedHeaders;
import io.selvage.server.transform.AddedTrailers;
import java.util.List;

/// Fields behind the body of responses.
final class TrailerModule implements Module {

    record TrailerSettings(
            @Setting(value = "add_trailer", also = "if", doc = "Adds a field behind the body of responses.")
                    List<AddedHeaders.Field> added,
            @Setting(value = "add_trailer_inherit on", also = "if",
                    doc = "Sets how `add_trailer` is inherited: `merge` adds to the outer ones, `off` drops them.")
                    Inheritance inheritance) {
        TrailerSettings {
            added = List.copyOf(added);
        }
    }

    @Override
    public Directives directives() {
        return new Directives().settings(TrailerSettings.class, Contexts.HTTP, Contexts.SERVER, Contexts.LOCATION);
    }

    @Override
    public void assemble(LocationBuilder location) {
        List<AddedHeaders.Field> fields = Inheritance.fields(location.section(), "add_trailer",
                section -> section.get(TrailerSettings.class).added, section -> section.get(TrailerSettings.class).inheritance);
        if (!fields.isEmpty()) {
            location.responseFilter(new AddedTrailers(fields));
        }
    }
}
