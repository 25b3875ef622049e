package io.selvage.server.module;

import io.selvage.server.config.Argument;
import io.selvage.server.config.Codec;
import io.selvage.server.config.Directive;
import io.selvage.server.config.Directives;
import io.selvage.server.config.Line;
import io.selvage.server.config.Setting;
import io.selvage.server.config.Shape;
import io.selvage.server.proxy.TempFolder;
import io.selvage.server.route.MirrorFilter;
import java.util.List;
import java.util.Optional;

/// Copies of requests.
final class MirrorModule implements Module {

    record MirrorSettings(
            @Setting(value = "mirror off", doc =
                    "Sends a copy of each request to another URI, and ignores the answer.") Mirrors mirrors,
            @Setting(value = "mirror_request_body on", doc = "Sends the body of the request with the copies.") boolean body) {
    }

    /// `mirror`
    ///
    /// @param paths none for `off`
    record Mirrors(List<String> paths) {
        private static final String OFF = "off";

        static Mirrors read(List<Line> lines) {
            List<Argument> arguments = lines.stream().map(line -> line.argument(0)).toList();
            boolean off = arguments.stream().anyMatch(argument -> argument.is(OFF));
            if (off && arguments.size() > 1) {
                arguments.getLast().problem("\"mirror off\" excludes other mirrors");
            }
            return new Mirrors(off ? List.of() : arguments.stream().map(Argument::text).toList());
        }

        static List<Directive> write(String name, Mirrors mirrors) {
            return mirrors.paths.isEmpty() ? List.of(Directive.of(name, List.of(OFF)))
                    : mirrors.paths.stream().map(path -> Directive.of(name, List.of(path))).toList();
        }
    }

    @Override
    public Directives directives() {
        return new Directives()
                .settings(MirrorSettings.class, Contexts.HTTP, Contexts.SERVER, Contexts.LOCATION)
                .codec(Mirrors.class, Codec.lines(Shape.of(1, 1).repeated(), Mirrors::read, Mirrors::write));
    }

    @Override
    public void assemble(LocationBuilder location) {
        MirrorSettings set = location.get(MirrorSettings.class);
        if (!set.mirrors.paths.isEmpty()) {
            ServerModule.ClientBody client = location.get(ServerModule.ClientSettings.class).body();
            Optional<MirrorFilter.Receiving> body = set.body
                    ? Optional.of(new MirrorFilter.Receiving((int) client.bufferSize(), new TempFolder(client.folder().folder())))
                    : Optional.empty();
            location.beforeContent(new MirrorFilter(set.mirrors.paths, body, location.state().io()::fork));
        }
    }
}
