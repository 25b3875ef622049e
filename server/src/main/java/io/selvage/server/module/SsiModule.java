package io.selvage.server.module;

import io.selvage.server.config.Directives;
import io.selvage.server.config.Setting;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.MediaTypeSet;
import io.selvage.server.ssi.OutputLimit;
import io.selvage.server.ssi.SsiConfig;
import io.selvage.server.ssi.SsiFilter;
import io.selvage.server.ssi.SsiOptions;
import io.selvage.server.ssi.TimeFormat;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Map;
import java.util.Optional;

/// Commands in pages.
final class SsiModule implements Module {
    private static final int MOST_INCLUDED = 1 << 30;

    /// @param mostIncluded for answers that become variables
    record SsiSettings(
            @Setting(value = "ssi off", also = "if", doc = "Runs the commands in pages.",
                    differs = "the included responses are fetched one after the other; `if` may contain `if`") boolean on,
            @Setting(value = "ssi_silent_errors off", doc = "Shows nothing in the place of a command that fails.") boolean silent,
            @Setting(value = "ssi_types text/html", doc = "Sets the media types of the pages; `*` for all.") MediaTypeSet types,
            @Setting(value = "ssi_value_length 256", least = 1, doc = "Limits the bytes of a command's parameter.") int mostValue,
            @Setting(value = "ssi_last_modified off", doc = "Keeps `Last-Modified` of pages, and a weak `ETag`.")
                    boolean validators,
            @Setting(value = "subrequest_output_buffer_size 4k",
                    doc = "Limits the bytes of a response that becomes a variable of a page.") long mostIncluded) {
    }

    @Override
    public Directives directives() {
        return new Directives().settings(SsiSettings.class, Contexts.HTTP, Contexts.SERVER, Contexts.LOCATION);
    }

    @Override
    public Variables variables(VariableSources sources) {
        return Variables.of(Map.of(
                "date_local", exchange -> time(exchange, ZoneId.systemDefault()),
                "date_gmt", exchange -> time(exchange, ZoneOffset.UTC)));
    }

    private static Optional<String> time(Exchange exchange, ZoneId zone) {
        return Optional.of(TimeFormat.format(SsiConfig.timeFormat(exchange), ZonedDateTime.now(zone)));
    }

    @Override
    public void assemble(LocationBuilder location) {
        SsiSettings set = location.get(SsiSettings.class);
        if (set.mostIncluded != OutputLimit.DEFAULT) {
            location.filter(new OutputLimit((int) Math.min(set.mostIncluded, MOST_INCLUDED)));
        }
        if (set.on) {
            SsiOptions options = new SsiOptions(set.silent, set.mostValue, location::variable, location.errorLog());
            location.responseFilter(new SsiFilter(options, set.types, set.validators));
        }
    }
}
