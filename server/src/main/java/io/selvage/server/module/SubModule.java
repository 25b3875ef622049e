package io.selvage.server.module;

import io.selvage.server.config.Codec;
import io.selvage.server.config.Directives;
import io.selvage.server.config.Line;
import io.selvage.server.config.Setting;
import io.selvage.server.http.MediaTypeSet;
import io.selvage.server.transform.SubFilter;
import java.util.List;

/// Replaced strings in the bodies of responses.
final class SubModule implements Module {

    record SubSettings(
            @Setting(value = "sub_filter", doc = "Replaces a string in bodies, without regard to case.")
                    List<SubFilter.Pair> pairs,
            @Setting(value = "sub_filter_once on", doc = "Replaces each string once; `off` replaces it everywhere.") boolean once,
            @Setting(value = "sub_filter_types text/html", doc =
                    "Sets the media types in which strings are replaced; `*` for all.")
                    MediaTypeSet types,
            @Setting(value = "sub_filter_last_modified off", doc = "Keeps `Last-Modified`, and a weak `ETag`.")
                    boolean lastModified) {
        SubSettings {
            pairs = List.copyOf(pairs);
        }
    }

    @Override
    public Directives directives() {
        return new Directives()
                .settings(SubSettings.class, Contexts.HTTP, Contexts.SERVER, Contexts.LOCATION)
                .codec(SubFilter.Pair.class, Codec.line(2, 2, SubModule::pair,
                        pair -> List.of(pair.search().toString(), pair.replacement().toString())));
    }

    @Override
    public void assemble(LocationBuilder location) {
        SubSettings set = location.get(SubSettings.class);
        if (!set.pairs.isEmpty()) {
            location.responseFilter(new SubFilter(set.pairs, set.once, set.lastModified, set.types));
        }
    }

    private static SubFilter.Pair pair(Line line) {
        if (line.argument(0).text().isEmpty()) {
            line.argument(0).refuse("a string to search for");
        }
        return new SubFilter.Pair(line.argument(0).template(), line.argument(1).template());
    }
}
