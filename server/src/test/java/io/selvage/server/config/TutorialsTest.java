package io.selvage.server.config;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

/// The files that guides for Flask tell people to write.
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
    void aBareServerBlockLoads(String pass) throws ConfigProblems {
        Config config = Configs.parse(SERVER.formatted(pass));
        ServerConfig server = config.http().servers().getFirst();
        assertEquals("0.0.0.0:80", server.listens().getFirst().address().toString());
        assertEquals(List.of(new ServerName.Exact("xxx.xx.xxx.xxx")), server.names());
        assertEquals(new LocationMatch.Prefix("/", false), server.locations().get(0).match());
        LocationConfig files = server.locations().get(1);
        assertInstanceOf(LocationMatch.Regular.class, files.match());
        assertEquals(new Action.Files(), files.action());
        assertEquals(new DocumentRoot.Root(Template.literal("/www/demo")), files.settings().files().root());
        assertEquals(config, Configs.parse(Configs.print(config)));
    }

    @ParameterizedTest
    @ValueSource(strings = {TCP, UNIX, HTTP})
    void theSameInsideHttpLoads(String pass) throws ConfigProblems {
        Config config = Configs.parse("events { }\nhttp {\n" + SERVER.formatted(pass) + "}\n");
        assertEquals(MediaTypes.DEFAULT, config.http().servers().getFirst().own().settings().files().types());
        assertEquals(config, Configs.parse(Configs.print(config)));
    }

    @Test
    void theLocationPassesToTheApplication() throws ConfigProblems {
        var tcp = new PassTarget.Peer(new Address.Inet("localhost", 8001));
        var unix = new PassTarget.Peer(new Address.Unix("/www/demo/socket/nginx_uwsgi.socket"));
        var http = new PassTarget.Peer(new Address.Inet("localhost", 5000));
        assertEquals(new Action.Uwsgi(tcp), action(TCP));
        assertEquals(new Action.Uwsgi(unix), action(UNIX));
        assertEquals(new Action.Proxy(http, "localhost:5000", "/"), action(HTTP));
    }

    @Test
    void theHeadersAndParametersAreThoseOfTheFile() throws ConfigProblems {
        LocationSettings settings = settings(TCP);
        assertEquals("[x-Real-IP ${remote_addr}, X-Forwarded-For ${proxy_add_x_forwarded_for}, Host ${http_host}]",
                settings.proxy().setHeaders().stream().map(header -> String.join(" ", header.words())).toList().toString());
        assertEquals(14, settings.uwsgi().params().size());
        assertEquals("QUERY_STRING ${query_string}", String.join(" ", settings.uwsgi().params().getFirst().words()));
    }

    @Test
    void aBareServerBlockKnowsTheUsualMediaTypes() throws ConfigProblems {
        FilesConfig files = settings(HTTP).files();
        assertEquals("text/css", files.types().byExtension().get("css"));
        assertEquals("application/octet-stream", files.defaultType());
    }

    private static Action action(String pass) throws ConfigProblems {
        return location(pass).action();
    }

    private static LocationSettings settings(String pass) throws ConfigProblems {
        return location(pass).settings();
    }

    private static LocationConfig location(String pass) throws ConfigProblems {
        return Configs.parse(SERVER.formatted(pass)).http().servers().getFirst().locations().getFirst();
    }
}
