package io.selvage.server.module;

import io.selvage.server.config.Argument;
import io.selvage.server.config.BufferSizes;
import io.selvage.server.config.Codec;
import io.selvage.server.config.Context;
import io.selvage.server.config.Directives;
import io.selvage.server.config.Line;
import io.selvage.server.config.Regexes;
import io.selvage.server.config.Section;
import io.selvage.server.config.Setting;
import io.selvage.server.config.Shape;
import io.selvage.server.config.Values;
import io.selvage.server.http.ClientOptions;
import io.selvage.server.http.ClientOptions.Lingering.When;
import io.selvage.server.http.KeepAliveDisable;
import io.selvage.server.http.MinRate;
import io.selvage.server.http.Variable;
import io.selvage.server.proxy.TempFolder;
import io.selvage.server.route.SiteName;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Sites, their addresses and names, and the connections of clients.
public final class ServerModule implements Module {
    /// Where a site listens, and what it is called.
    ///
    /// @param listens never empty
    /// @param names never empty; a site without a name has the empty one
    public record SiteSettings(
            @Setting(value = "listen 80", doc = "Adds an address of the site.",
                    differs = "addresses of IPv4 clients have no `::ffff:` with `ipv6only=off`") List<Listen> listens,
            @Setting(value = "server_name", doc = "Sets the names of the site.") List<SiteName> names) {
        public SiteSettings {
            listens = List.copyOf(listens);
            names = names.isEmpty() ? List.of(new SiteName.Exact("")) : List.copyOf(names);
        }
    }

    /// How the heads of requests are read. Until the site is known, the settings of the first site of the address apply.
    ///
    /// @param largeBuffers no line of a head may be longer than one of them, and no head than all
    record HeadSettings(
            @Setting(value = "client_header_buffer_size 1k", doc = "Sets the buffer size for a request head.") long bufferSize,
            @Setting(value = "large_client_header_buffers 4 8k", doc = "Sets number and size of the buffers for long heads.")
                    BufferSizes largeBuffers,
            @Setting(value = "client_header_timeout 60s", doc = "Limits the time to receive a head.",
                    differs = "the client gets 408") Duration timeout,
            @Setting(value = "ignore_invalid_headers on", doc = "Drops fields with invalid names; `off` refuses the request.")
                    boolean ignoreInvalid,
            @Setting(value = "underscores_in_headers off", doc = "Allows underscores in field names.")
                    boolean underscores,
            @Setting(value = "max_headers 1000", least = 1, doc = "Limits the fields of a request head; more get 431.",
                    differs = "nginx answers 400") int maxFields,
            @Setting(value = "merge_slashes on", doc = "Merges adjacent slashes in a path.") boolean mergeSlashes) {
    }

    /// The connection to the client.
    record ClientSettings(
            ClientBody body,
            ClientKeepAlive keepAlive,
            ClientLingering lingering,
            ClientSending sending,
            @Setting(value = "reset_timedout_connection off", doc = "Resets connections that timed out.")
                    boolean resetTimedOut,
            @Setting(value = "tcp_nodelay on", doc = "Sends small writes at once.") boolean tcpNodelay) {
    }

    /// @param maxSize bytes; 0 for no bound
    record ClientBody(
            @Setting(value = "client_max_body_size 1m", doc = "Limits the bytes of a request body; 0 for no limit.") long maxSize,
            @Setting(value = "client_body_buffer_size 16k",
                    doc = "Limits the bytes of a body that are kept in memory.") long bufferSize,
            @Setting(value = "client_body_temp_path client_body_temp",
                    doc = "Sets the folder for bodies that exceed the buffer, and levels of folders in it.") TempPath folder,
            @Setting(value = "client_body_in_file_only off",
                    doc = "Stores every body in a file: `on` keeps it, `clean` deletes it after the response.") InFile inFile,
            @Setting(value = "client_body_timeout 60s", doc = "Limits the wait between two reads of a body.") Duration timeout,
            @Setting(value = "client_body_min_rate 100 grace=30s",
                    doc = "Sets the least rate of a body, in bytes a second; its bytes may come later by the grace.",
                    differs = "nginx has no such directive") MinRate minRate) {
        TempFolder.Kept kept() {
            return switch (inFile) {
                case OFF -> TempFolder.Kept.NEVER;
                case CLEAN -> TempFolder.Kept.WHILE_OPEN;
                case ON -> TempFolder.Kept.ALWAYS;
            };
        }
    }

    /// Whether bodies are stored in files.
    enum InFile { OFF, CLEAN, ON }

    record ClientSending(
            @Setting(value = "send_timeout 60s", doc = "Limits the wait between two writes to the client.") Duration timeout,
            @Setting(value = "send_min_rate 100 grace=30s",
                    doc = "Sets the least rate at which a client takes a response, in bytes a second, over the grace.",
                    differs = "nginx has no such directive") MinRate minRate,
            @Setting(value = "chunked_transfer_encoding on",
                    doc = "Sends bodies of unknown length in chunks; `off` closes the connection behind them.")
                    boolean chunked) {
    }

    /// @param requests how many exchanges a connection may have
    /// @param time how old a connection may get
    record ClientKeepAlive(
            @Setting(value = "keepalive_timeout 75s", doc = "Limits the wait for the next request of a connection.")
                    KeepAliveTimeout timeout,
            @Setting(value = "keepalive_requests 1000", doc = "Limits the requests of one connection.") int requests,
            @Setting(value = "keepalive_time 1h", doc = "Limits the age of a connection.") Duration time,
            @Setting(value = "keepalive_disable msie6", doc = "Closes the connections of some browsers after an answer.")
                    KeepAliveDisable disabled,
            @Setting(value = "keepalive_min_timeout 0",
                    doc = "Sets how long an idle connection stays open at a stop, and when connections are scarce.")
                    Duration minTimeout) {
    }

    /// Reading on before a connection is closed on a client that may still be sending.
    record ClientLingering(
            @Setting(value = "lingering_close on", doc = "Reads remaining input before a connection is closed.") When when,
            @Setting(value = "lingering_time 30s", doc = "Limits the total time of a lingering close.") Duration time,
            @Setting(value = "lingering_timeout 5s", doc = "Limits the wait for input in a lingering close.") Duration timeout) {
    }

    @Override
    public Directives directives() {
        return new Directives()
                .block("http", Shape.of(0, 0), "Contains the directives about HTTP.", Context.MAIN)
                .block("server", Shape.of(0, 0).repeated(), "Defines a site.", Contexts.HTTP)
                .block("location", Shape.of(1, 2).repeated(), "Contains the settings of some paths of a site.", Contexts.SERVER,
                        Contexts.LOCATION)
                .settings(SiteSettings.class, Contexts.SERVER)
                .settings(HeadSettings.class, Contexts.HTTP, Contexts.SERVER)
                .settings(ClientSettings.class, Contexts.HTTP, Contexts.SERVER, Contexts.LOCATION)
                .collection(Listen.class, Codec.lines(Shape.of(1, Integer.MAX_VALUE).repeated(), Listen::readAll, Listen::write))
                .codec(SiteName.class, Codec.word(ServerModule::siteName, SiteName::written))
                .codec(KeepAliveDisable.class, Codec.line(1, 2, ServerModule::disabled, ServerModule::words))
                .codec(TempPath.class, Codec.line(1, 4, TempPath::read))
                .codec(MinRate.class, Codec.line(1, 2, ServerModule::minRate, ServerModule::words))
                .codec(KeepAliveTimeout.class, Codec.line(1, 2, KeepAliveTimeout::read))
                .check(main -> main.inside(Contexts.HTTP).forEach(ServerModule::check));
    }

    @Override
    public Variables variables(VariableSources sources) {
        Map<String, Variable> named = new HashMap<>(RequestValues.all());
        named.putAll(ConnectionValues.all(sources.nanos()));
        named.putAll(TcpInfoValues.all());
        named.putAll(OutcomeValues.all(sources.nanos()));
        return new Variables(named, Map.of(
                "arg_", name -> exchange -> RequestValues.argument(exchange.routing().query(), name),
                "http_", name -> exchange -> FieldValues.joined(exchange.headers(), name),
                "cookie_", name -> exchange -> FieldValues.cookie(exchange.headers(), name),
                "sent_http_", name -> exchange ->
                        exchange.outcome().head().flatMap(head -> FieldValues.joined(head.headers(), name)),
                "proxy_protocol_tlv_", ConnectionValues::proxyProtocolValue,
                "sent_trailer_", name -> exchange -> FieldValues.joined(exchange.outcome().trailers(), name)));
    }

    private static void check(Section http) {
        new SiteChecks().check(http);
        http.inside(Contexts.SERVER).forEach(LocationMatch::check);
    }

    @Override
    public void assemble(LocationBuilder location) {
        ClientSettings client = location.get(ClientSettings.class);
        location.client(options(location.site(HeadSettings.class), client, location.get(FileModule.FileSettings.class),
                Http2Module.options(location)), client.body.maxSize);
    }

    private static ClientOptions options(HeadSettings head, ClientSettings client, FileModule.FileSettings files,
            ClientOptions.Http2 http2) {
        return new ClientOptions(
                new ClientOptions.Head((int) head.bufferSize, head.largeBuffers.count(), (int) head.largeBuffers.size(),
                        head.maxFields, head.timeout, head.underscores, head.ignoreInvalid, head.mergeSlashes),
                new ClientOptions.Receiving(client.body.timeout, client.body.minRate),
                new ClientOptions.KeepAlive(client.keepAlive.timeout.idle(),
                        (int) client.keepAlive.timeout.announced().toSeconds(), client.keepAlive.requests, client.keepAlive.time,
                        client.keepAlive.disabled, client.keepAlive.minTimeout),
                new ClientOptions.Lingering(client.lingering.when, client.lingering.time, client.lingering.timeout),
                new ClientOptions.Sending(client.sending.timeout, client.sending.minRate, client.tcpNodelay, files.sendfile(),
                        client.sending.chunked),
                http2, client.resetTimedOut);
    }

    private static KeepAliveDisable disabled(Line line) {
        for (Argument browser : line.arguments()) {
            if (!browser.is("none") && !browser.is("msie6") && !browser.is("safari")) {
                browser.refuse("\"none\", \"msie6\" or \"safari\"");
            }
        }
        return new KeepAliveDisable(line.arguments().stream().anyMatch(browser -> browser.is("msie6")),
                line.arguments().stream().anyMatch(browser -> browser.is("safari")));
    }

    private static List<String> words(KeepAliveDisable disabled) {
        if (!disabled.msie6()) {
            return List.of(disabled.safari() ? "safari" : "none");
        }
        return disabled.safari() ? List.of("msie6", "safari") : List.of("msie6");
    }

    /// The value of `$server_name`: the first name as written, but `.domain` without its dot.
    public static String name(Section server) {
        SiteName name = server.get(SiteSettings.class).names.getFirst();
        return name instanceof SiteName.Under(var domain, boolean itselfToo) && itselfToo ? domain : name.written();
    }

    private static MinRate minRate(Line line) {
        Argument rate = line.argument(0);
        if (rate.is("off")) {
            if (line.count() > 1) {
                line.argument(1).unknown();
            }
            return MinRate.OFF;
        }
        Duration grace = Duration.ofSeconds(30);
        if (line.count() > 1) {
            Argument second = line.argument(1);
            if (second.word().key().equals("grace")) {
                grace = second.option().time();
            } else {
                second.unknown();
            }
        }
        long bytes = Values.size(rate.text()).orElse(0);
        if (bytes == 0) {
            rate.refuse("bytes a second, or \"off\"");
        }
        return new MinRate(bytes, grace);
    }

    private static List<String> words(MinRate rate) {
        return rate.isOff() ? List.of("off")
                : List.of(Values.size(rate.bytesPerSecond()), "grace=" + Values.time(rate.grace()));
    }

    private static SiteName siteName(Argument argument) {
        if (argument.text().startsWith("~")) {
            return new SiteName.Matching(Regexes.read(argument.with(argument.text().substring(1)), true));
        }
        if (argument.text().equalsIgnoreCase("$hostname")) {
            return new SiteName.Exact(VariableSources.machineName());
        }
        if (argument.text().contains("/")) {
            argument.warning("\"" + argument.text() + "\" does not look like the name of a host");
        }
        try {
            return SiteName.parse(argument.text());
        } catch (IllegalArgumentException _) {
            argument.refuse("a name with \"*\" only as its first or last part");
            return new SiteName.Exact("");
        }
    }
}
