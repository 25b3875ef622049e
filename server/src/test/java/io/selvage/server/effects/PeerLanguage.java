package io.selvage.server.effects;

import io.selvage.server.proxy.Origin;
import io.selvage.server.proxy.ReceivedPacket;
import io.selvage.server.whole.TestServer;
import java.io.IOException;
import java.util.Arrays;
import java.util.stream.Collectors;

import static io.selvage.server.effects.Serving.site;

/// What a peer speaks: the prefix of its directives, and how it reads a request.
enum PeerLanguage {
    PROXY("proxy_", "proxy_pass http://%s;") {
        @Override
        String readHead(Origin.Wire wire) throws IOException {
            return wire.readHead();
        }
    },
    UWSGI("uwsgi_", """
            uwsgi_pass %s;
            uwsgi_param REQUEST_METHOD $request_method;
            uwsgi_param CONTENT_LENGTH $content_length;
            """) {
        @Override
        String readHead(Origin.Wire wire) throws IOException {
            return ReceivedPacket.from(wire).variables().toString();
        }
    };

    private final String prefix;
    private final String pass;

    PeerLanguage(String prefix, String pass) {
        this.prefix = prefix;
        this.pass = pass;
    }

    /// Reads what stands before the body of a request, and gives it as text.
    abstract String readHead(Origin.Wire wire) throws IOException;

    /// A peer that answers each request, on a connection of its own, with the next of these; the last one again and again.
    Origin answering(String... answers) throws IOException {
        return Origin.scripted(Arrays.stream(answers).map(answer -> (Origin.Script) wire -> {
            wire.record(readHead(wire));
            wire.send(answer);
            wire.end();
        }).toArray(Origin.Script[]::new));
    }

    /// Directives with `*_` for the prefix.
    String directives(String text) {
        return text.replace("*_", prefix);
    }

    /// A server that passes everything to a peer.
    ///
    /// @param address of the peer, or the name of an upstream
    /// @param directives of the location, with `*_` for the prefix
    /// @param files a name, its content, a name, its content, ...
    TestServer passingTo(String address, String directives, String... files) throws IOException {
        return site(location("/", address, directives), files);
    }

    String location(String path, String address, String directives) {
        return "location " + path + " { " + pass.formatted(address) + directives(directives) + " }\n";
    }

    /// An upstream `app` with these servers and no health checks by counted failures.
    static String upstream(String... addresses) {
        return "upstream app { " + Arrays.stream(addresses).map(address -> "server " + address + " max_fails=0; ")
                .collect(Collectors.joining()) + "}\n";
    }
}
