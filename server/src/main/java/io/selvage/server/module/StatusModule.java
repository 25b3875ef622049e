package io.selvage.server.module;

import io.selvage.server.config.Codec;
import io.selvage.server.config.Directives;
import io.selvage.server.config.Line;
import io.selvage.server.config.Printable;
import io.selvage.server.config.Setting;
import io.selvage.server.http.ConnectionCounts;
import io.selvage.server.http.Variable;
import io.selvage.server.route.EmptyGif;
import io.selvage.server.route.StubStatus;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToIntFunction;

/// Answers that need neither a file nor a peer: the numbers of connections, and an empty picture.
final class StatusModule implements Module {

    record StatusSettings(
            @Setting(value = "stub_status", in = "server location", inherited = false, inParts = true,
                    doc = "Answers with the numbers of connections and requests.") Optional<StatusPage> status,
            @Setting(value = "empty_gif", in = "location", inherited = false, inParts = true,
                    doc = "Answers with a transparent picture of one pixel.") boolean picture) {
    }

    /// `stub_status`, which old configurations write with an argument.
    record StatusPage() implements Printable {
        static StatusPage read(Line line) {
            return new StatusPage();
        }

        @Override
        public List<String> words() {
            return List.of();
        }
    }

    @Override
    public Directives directives() {
        return new Directives()
                .settings(StatusSettings.class, Contexts.SERVER, Contexts.LOCATION)
                .codec(StatusPage.class, Codec.line(0, 1, StatusPage::read));
    }

    @Override
    public Variables variables(VariableSources sources) {
        return Variables.of(Map.of(
                "connections_active", count(ConnectionCounts::active),
                "connections_reading", count(ConnectionCounts::reading),
                "connections_writing", count(ConnectionCounts::writing),
                "connections_waiting", count(ConnectionCounts::waiting)));
    }

    private static Variable count(ToIntFunction<ConnectionCounts> which) {
        return exchange -> Optional.of(Integer.toString(which.applyAsInt(exchange.client().connections())));
    }

    @Override
    public void assemble(LocationBuilder location) {
        StatusSettings set = location.get(StatusSettings.class);
        if (set.status.isPresent()) {
            location.content(new StubStatus());
        }
        if (set.picture) {
            location.content(new EmptyGif());
        }
    }
}
