package io.selvage.server.module;

import io.selvage.server.config.Argument;
import io.selvage.server.config.Codec;
import io.selvage.server.config.Config;
import io.selvage.server.config.Context;
import io.selvage.server.config.Directive;
import io.selvage.server.config.Directives;
import io.selvage.server.config.Line;
import io.selvage.server.config.Section;
import io.selvage.server.config.Setting;
import io.selvage.server.config.Shape;
import io.selvage.server.tls.TlsEngineChoice;
import io.selvage.server.tls.TlsVersion;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// TLS on the connections of clients.
public final class TlsModule implements Module {

    /// Of the process.
    record EngineSettings(
            @Setting(value = "ssl_engine auto", doc =
                    "Chooses what does TLS: `boringssl`, `jdk`, or `auto` for the first that works.",
                    differs = "names hardware in nginx; a reload does not change it") TlsEngineChoice engine) {
    }

    /// Of the addresses whose first or default server this is.
    private record AddressSettings(
            @Setting(value = "ssl off", doc = "Makes TLS of all connections to the addresses whose default server this is.",
                    differs = "gone since nginx 1.25; `listen ... ssl` takes its place, as a warning says") boolean secure) {
    }

    /// Whether the addresses whose default server this is speak TLS without `ssl` in their `listen`.
    static boolean securesAddresses(Section server) {
        return server.get(AddressSettings.class).secure;
    }

    /// The engine that a configuration wants.
    public static TlsEngineChoice engine(Config config) {
        return config.get(EngineSettings.class).engine;
    }

    @Override
    public Directives directives() {
        return new Directives()
                .settings(EngineSettings.class, Context.MAIN)
                .settings(AddressSettings.class, Contexts.HTTP, Contexts.SERVER)
                .settings(TlsSettings.class, Contexts.HTTP, Contexts.SERVER)
                .collection(TlsVersion.class, Codec.<Set<TlsVersion>>lines(Shape.of(1, Integer.MAX_VALUE).repeated(),
                        TlsModule::versions, TlsModule::written))
                .codec(NamedFile.class, Codec.maybe(NamedFile.NONE, NamedFile.CODEC))
                .codec(TlsFileName.class, Codec.word(TlsFileName::read, name -> name.text().toString()))
                .codec(ResponderUrl.class, Codec.word(ResponderUrl::read, ResponderUrl::text))
                .codec(CertificateCache.class, Codec.line(1, 3, CertificateCache::read))
                .codec(SessionCache.class, Codec.line(1, 2, SessionCache::read))
                .codec(TlsGroups.class, Codec.word(TlsGroups::read, TlsGroups::text))
                .codec(TlsCommand.class, Codec.line(2, 2, TlsCommand::read))
                .check(main -> main.inside(Contexts.HTTP).forEach(http ->
                        new TlsChecks(main.get(EngineSettings.class).engine).check(http)));
    }

    private static Set<TlsVersion> versions(List<Line> lines) {
        Set<TlsVersion> versions = EnumSet.noneOf(TlsVersion.class);
        boolean known = true;
        for (Line line : lines) {
            for (Argument argument : line.arguments()) {
                if (argument.is("SSLv2") || argument.is("SSLv3")) {
                    argument.warning("\"" + argument.text() + "\" is never spoken: it is not secure (RFC 7568)");
                } else if (TlsVersion.named(argument.text()).isPresent()) {
                    versions.add(TlsVersion.named(argument.text()).get());
                } else {
                    argument.refuse("versions from \"TLSv1\" to \"TLSv1.3\"");
                    known = false;
                }
            }
        }
        if (versions.isEmpty() && known) {
            lines.getLast().problem("\"" + lines.getLast().name() + "\" names no version of TLS that is spoken");
        }
        return versions;
    }

    private static List<Directive> written(String name, Set<TlsVersion> versions) {
        return List.of(Directive.of(name, versions.stream().sorted().map(TlsVersion::text).toList()));
    }

    @Override
    public Variables variables(VariableSources sources) {
        return Variables.of(TlsValues.all());
    }
}
