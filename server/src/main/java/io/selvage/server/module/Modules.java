package io.selvage.server.module;

import io.selvage.server.config.Catalogue;
import io.selvage.server.config.KnownVariables;
import io.selvage.server.config.Language;
import io.selvage.server.config.Source;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// All features of the server and the configuration language that they define.
public final class Modules {
    /// In the order of nginx's phases: a request passes the filters of an earlier module first.
    static final List<Module> ALL = List.of(
            new MainModule(),
            new AdminModule(),
            new ServerModule(),
            new TlsModule(),
            new AcmeModule(),
            new Http2Module(),
            new MapModule(),
            new GeoModule(),
            new SplitClientsModule(),
            new RealIpModule(),
            new RefererModule(),
            new SecureLinkModule(),
            new BrowserModule(),
            new TraceModule(),
            new RewriteModule(),
            new LimitModule(),
            new AccessModule(),
            new BasicAuthModule(),
            new AuthRequestModule(),
            new MirrorModule(),
            new UpstreamModule(),
            new SliceModule(),
            new StatusModule(),
            new MetricsModule(),
            new FileModule(),
            new ConditionModule(),
            new HeaderModule(),
            new UserIdModule(),
            new GunzipModule(),
            new SubModule(),
            new CharsetModule(),
            new SsiModule(),
            new AdditionModule(),
            new CompressModule(),
            new RangeModule(),
            new TrailerModule(),
            new ErrorPageModule(),
            new HealthModule(),
            new LogModule(),
            new AbsentModule());

    private static final Set<String> BUNDLED = Set.of("mime.types", "proxy_params", "fastcgi.conf", "fastcgi_params",
            "scgi_params", "uwsgi_params");

    static final VariableTable VARIABLES = new VariableTable(ALL, VariableSources.system());

    /// Reads and writes configurations.
    public static final Language LANGUAGE = new Language(ALL.stream().map(Module::directives).toList(),
            new KnownVariables(VARIABLES::find, VARIABLES::isFixed, AbsentModule.VARIABLES::contains),
            new Language.Surroundings(Contexts.HTTP, standard(), Modules::bundled));

    private Modules() {
    }

    /// Every directive, built or not.
    public static Catalogue catalogue() {
        return LANGUAGE.catalogue();
    }

    /// The main configuration that distributions put around the files of `sites-enabled`.
    private static Map<String, Source> standard() {
        Map<String, Source> standard = new LinkedHashMap<>();
        standard.put("types", new Source("mime.types", Path.of("mime.types"), resource("mime.types")));
        standard.put("default_type", source("default_type", "default_type application/octet-stream;"));
        standard.put("log_format main", source("log_format", """
                log_format main '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent '
                                '"$http_referer" "$http_user_agent" "$http_x_forwarded_for"';
                """));
        return standard;
    }

    private static Source source(String name, String text) {
        return new Source(name, Path.of(name), text.getBytes(StandardCharsets.UTF_8));
    }

    private static Optional<byte[]> bundled(String name) {
        return BUNDLED.contains(name) ? Optional.of(resource(name)) : Optional.empty();
    }

    /// The bytes of a file next to this class in the jar.
    static byte[] resource(String name) {
        try (InputStream in = Modules.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is not in the jar");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new IllegalStateException(name + " cannot be read from the jar", e);
        }
    }
}
