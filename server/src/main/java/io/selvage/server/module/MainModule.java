package io.selvage.server.module;

import io.selvage.server.config.Codec;
import io.selvage.server.config.Context;
import io.selvage.server.config.Directives;
import io.selvage.server.config.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// The process and its event loops.
final class MainModule implements Module {
    private static final long PID = ProcessHandle.current().pid();
    private static final int MOST_OF_PID = 64;

    @Override
    public Directives directives() {
        return new Directives()
                .word("include", Shape.of(1, 1), "Inserts the directives of other files.", Context.MAIN, Contexts.EVENTS,
                        Contexts.HTTP, Contexts.SERVER, Contexts.LOCATION, Contexts.UPSTREAM, Contexts.IF_IN_SERVER, Contexts.IF,
                        Contexts.LIMIT_EXCEPT, new Context("types"))
                .settings(MainSettings.class, Context.MAIN)
                .block("events", Shape.of(0, 0), "Contains directives about connections.", Context.MAIN)
                .require(Contexts.EVENTS)
                .settings(EventsSettings.class, Contexts.EVENTS)
                .check(main -> main.scope().here("pid").stream().filter(line -> !isOwn(line.argument(0).path()))
                        .forEach(line -> line.argument(0).output()))
                .codec(User.class, Codec.maybe(User.UNCHANGED, Codec.line(1, 2, User::read)))
                .codec(LoadedModule.class, Codec.word(LoadedModule::read, LoadedModule::file))
                .codec(Workers.class, Codec.line(1, 1, Workers::read));
    }

    /// True if the file has the id of this process already. A reload does not write it, and the user of the process need not be
    /// able to: root wrote it before `user` took effect.
    private static boolean isOwn(Path file) {
        try {
            return Files.isRegularFile(file) && Files.size(file) < MOST_OF_PID
                    && Files.readString(file).strip().equals(Long.toString(Long.getLong("selvage.pid", PID)));
        } catch (IOException _) {
            return false;
        }
    }

    @Override
    public Variables variables(VariableSources sources) {
        return Variables.of(Map.of(
                "hostname", _ -> Optional.of(sources.hostname()),
                "nginx_version", _ -> Optional.of(sources.version()),
                "pid", _ -> Optional.of(Long.toString(PID)),
                "msec", _ -> Optional.of(sources.time().msec()),
                "time_local", _ -> Optional.of(sources.time().local()),
                "time_iso8601", _ -> Optional.of(sources.time().iso())));
    }
}
