package io.selvage.server.module;

import io.selvage.server.config.Config;
import io.selvage.server.config.ConfigProblems;
import io.selvage.server.config.Section;
import io.selvage.server.http.Folder;
import io.selvage.server.http.Template;
import io.selvage.server.proxy.CgiParam;
import io.selvage.server.route.Match;
import io.selvage.server.route.SiteName;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// The configuration files of guides for Flask.
class TutorialsTest {
    private static final String SERVER = """
            server {
                    listen 80;
                    root /www/demo;
                    server_name xxx.xx.xxx.xxx;
                    location / {
                        proxy_set_header x-Real-IP $remote_addr;
                        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
                        proxy_set_header Host $http_host;
                        %s
                    }
                    location ~ ^\\/static\\/.*$ {
                        root /www/demo;
                    }
            }
            """;

    private static final String TCP = "include uwsgi_params;\nuwsgi_pass localhost:8001;";
    private static final String UNIX = "include uwsgi_params;\nuwsgi_pass unix:/www/demo/socket/nginx_uwsgi.socket;";
    private static final String HTTP = "proxy_pass http://localhost:5000/;";

    @ParameterizedTest
    @ValueSource(strings = {TCP, UNIX, HTTP})
    void bareServerBlockLoads(String pass) throws ConfigProblems {
        Config config = Modules.LANGUAGE.parse(SERVER.formatted(pass));
        Section server = config.block(Contexts.HTTP).inside(Contexts.SERVER).getFirst();
        ServerModule.SiteSettings site = server.get(ServerModule.SiteSettings.class);
        assertEquals("0.0.0.0:80", site.listens().getFirst().address().toString());
        assertEquals(List.of(new SiteName.Exact("xxx.xx.xxx.xxx")), site.names());
        List<Section> locations = server.inside(Contexts.LOCATION);
        assertEquals(Optional.of(new Match.Prefix("/")), LocationMatch.of(locations.get(0).scope()));
        assertInstanceOf(Match.Matching.class, LocationMatch.of(locations.get(1).scope()).orElseThrow());
        assertTrue(locations.get(1).get(UpstreamModule.UpstreamSettings.class).target().isEmpty());
        assertEquals(new Folder(Template.literal("/www/demo"), 0), locations.get(1).get(FileModule.FileSettings.class).folder());
        assertEquals(config, Modules.LANGUAGE.parse(Modules.LANGUAGE.print(config)));
    }

    @ParameterizedTest
    @ValueSource(strings = {TCP, UNIX, HTTP})
    void serverBlockInsideHttpLoads(String pass) throws ConfigProblems {
        Config config = Modules.LANGUAGE.parse("events { }\nhttp {\n" + SERVER.formatted(pass) + "}\n");
        Section server = config.block(Contexts.HTTP).inside(Contexts.SERVER).getFirst();
        assertEquals(Set.of("html", "gif", "jpg"),
                server.get(FileModule.FileSettings.class).media().types().byExtension().keySet());
        assertEquals(config, Modules.LANGUAGE.parse(Modules.LANGUAGE.print(config)));
    }

    @Test
    void locationPassesToTheApplication() throws ConfigProblems {
        assertEquals("[uwsgi_pass localhost:8001]", passed(TCP));
        assertEquals("[uwsgi_pass unix:/www/demo/socket/nginx_uwsgi.socket]", passed(UNIX));
        assertEquals("[proxy_pass http://localhost:5000/]", passed(HTTP));
    }

    @Test
    void headersAndParametersAreThoseOfTheFile() throws ConfigProblems {
        UpstreamModule.UpstreamSettings settings = location(TCP).get(UpstreamModule.UpstreamSettings.class);
        assertEquals("[x-Real-IP ${remote_addr}, X-Forwarded-For ${proxy_add_x_forwarded_for}, Host ${http_host}]",
                settings.proxy().fields().stream().map(field -> field.name() + " " + field.value()).toList().toString());
        assertEquals(14, settings.uwsgi().params().size());
        CgiParam first = settings.uwsgi().params().getFirst();
        assertEquals("QUERY_STRING ${query_string}", first.name() + " " + first.value());
    }

    @Test
    void bareServerBlockHasTheDefaultMediaTypes() throws ConfigProblems {
        FileModule.MediaSettings media = location(HTTP).get(FileModule.FileSettings.class).media();
        assertEquals("text/css", media.types().byExtension().get("css"));
        assertEquals("application/octet-stream", media.defaultType());
    }

    private static String passed(String pass) throws ConfigProblems {
        return location(pass).get(UpstreamModule.UpstreamSettings.class).target().orElseThrow().write().stream()
                .map(line -> line.name() + " " + line.arguments().getFirst()).toList().toString();
    }

    private static Section location(String pass) throws ConfigProblems {
        return Modules.LANGUAGE.parse(SERVER.formatted(pass)).block(Contexts.HTTP).inside(Contexts.SERVER).getFirst()
                .inside(Contexts.LOCATION).getFirst();
    }
}
