package io.selvage.server.effects;

import io.selvage.server.proxy.FastCgiWire;
import io.selvage.server.proxy.Origin;
import io.selvage.server.proxy.ReceivedPacket;
import io.selvage.server.whole.TestServer;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

import static io.selvage.server.effects.Serving.site;

/// What a peer speaks: the prefix of its directives, how it reads a request, and how it writes a response.
enum PeerLanguage {
    PROXY("proxy_", "proxy_pass http://%s;") {
        @Override
        String readHead(Origin.Wire wire) throws IOException {
            return wire.readHead();
        }
    },
    FASTCGI("fastcgi_", """
            fastcgi_pass %s;
            fastcgi_param REQUEST_METHOD $request_method;
            fastcgi_param CONTENT_LENGTH $content_length;
            """) {
        @Override
        String readHead(Origin.Wire wire) throws IOException {
            return new FastCgiWire(wire).readParams().toString();
        }

        @Override
        String readBody(Origin.Wire wire, int count) throws IOException {
            return new FastCgiWire(wire).readBody(count);
        }

        @Override
        String readRest(Origin.Wire wire) throws IOException {
            return new FastCgiWire(wire).readBody();
        }

        @Override
        void send(Origin.Wire wire, String response) throws IOException {
            wire.send(FastCgiWire.output(response));
        }

        @Override
        void end(Origin.Wire wire) throws IOException {
            wire.send(FastCgiWire.end());
        }
    },
    SCGI("scgi_", """
            scgi_pass %s;
            scgi_param SCGI 1;
            scgi_param REQUEST_METHOD $request_method;
            """) {
        @Override
        String readHead(Origin.Wire wire) throws IOException {
            String length = wire.readUntil(":");
            String variables = wire.readBytes(Integer.parseInt(length.substring(0, length.length() - 1)));
            wire.readUntil(",");
            String[] words = variables.split("\0", -1);
            StringBuilder all = new StringBuilder();
            for (int i = 0; i + 1 < words.length; i += 2) {
                all.append(words[i]).append('=').append(words[i + 1]).append(", ");
            }
            return all.toString();
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

    /// Reads bytes of the body of a request; fewer where it ends.
    String readBody(Origin.Wire wire, int count) throws IOException {
        return wire.readBytes(count);
    }

    /// Reads what follows the head of a request to the end of the connection.
    String readRest(Origin.Wire wire) throws IOException {
        return wire.readToEnd();
    }

    /// Sends a part of a response.
    void send(Origin.Wire wire, String response) throws IOException {
        wire.send(response);
    }

    /// Sends what marks the end of a response.
    void end(Origin.Wire wire) throws IOException {
        // Its length or the end of the connection does.
    }

    /// A peer that answers each request with the next of these; the last one again and again. It keeps its connections open.
    Origin answering(String... answers) throws IOException {
        AtomicInteger next = new AtomicInteger();
        return Origin.scripted(wire -> {
            while (true) {
                wire.record(readHead(wire));
                send(wire, answers[Math.min(next.getAndIncrement(), answers.length - 1)]);
                end(wire);
            }
        });
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
