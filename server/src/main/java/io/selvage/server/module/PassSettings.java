package io.selvage.server.module;

import io.selvage.server.config.Argument;
import io.selvage.server.config.BufferSizes;
import io.selvage.server.config.Codec;
import io.selvage.server.config.Directive;
import io.selvage.server.config.Directives;
import io.selvage.server.config.Line;
import io.selvage.server.config.Setting;
import io.selvage.server.config.Shape;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Template;
import io.selvage.server.proxy.BufferingOptions;
import io.selvage.server.proxy.CookieRules;
import io.selvage.server.proxy.NextUpstream;
import io.selvage.server.proxy.ProxyHandler;
import io.selvage.server.proxy.ProxyOptions;
import io.selvage.server.proxy.ProxyTarget;
import io.selvage.server.proxy.ProxyUrl;
import io.selvage.server.proxy.RedirectRules;
import io.selvage.server.proxy.RequestBodyOptions;
import io.selvage.server.proxy.RequestBodyOptions.Content;
import io.selvage.server.proxy.ResponseControls;
import io.selvage.server.proxy.ResponsePresentation;
import io.selvage.server.proxy.TargetSelector;
import io.selvage.server.proxy.TempFolder;
import io.selvage.server.proxy.UpstreamProtocol;
import io.selvage.server.proxy.UriRewrite;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// The settings for exchanges that are passed to peers, over any protocol.
record PassSettings(PassTimeouts timeouts, PassBuffers buffers, PassRequests requests, PassRetries retries,
        PassResponses responses, DeliverySettings delivery, SocketSettings socket) {
    static final String UPGRADE = "Names protocols beside `websocket` to which a connection may change; `off` for none.";
    static final String UPGRADE_DIFFERS = "nginx has no such directive and passes on any protocol";

    /// @param send between two writes to the peer, as `read` is between two reads
    record PassTimeouts(
            @Setting(value = "*_connect_timeout 60s", doc = "Limits the time to connect to a peer.") Duration connect,
            @Setting(value = "*_send_timeout 60s", doc = "Limits the wait between two writes to a peer.") Duration send,
            @Setting(value = "*_read_timeout 60s", doc = "Limits the wait between two reads from a peer.") Duration read) {

        ProxyOptions.Timeouts options() {
            return new ProxyOptions.Timeouts(connect, send, read);
        }
    }

    /// @param on whether a response is taken from the peer as fast as it comes, and kept for a slow client
    /// @param fileSize bytes of a response that may be kept on disk; 0 for none
    record PassBuffers(
            @Setting(value = "*_buffering on", doc = "Reads a response ahead of a slow client.") boolean on,
            @Setting(value = "*_buffer_size 4k", doc = "Limits the head of a response.",
                    differs = "it may also fill one of the buffers") long size,
            @Setting(value = "*_buffers 8 4k", doc = "Sets number and size of the buffers for a response.",
                    differs = "only their sum counts") BufferSizes buffers,
            @Setting(value = "*_max_temp_file_size 1024m",
                    doc = "Limits the bytes of a response that are kept on disk; 0 for none.")
                    long fileSize,
            @Setting(value = "*_temp_path *_temp",
                    doc = "Sets the folder for responses on disk.") TempPath folder) {
        ProxyOptions.BufferSizes sizes() {
            return new ProxyOptions.BufferSizes((int) Math.max(size, buffers.size()), (int) size);
        }

        BufferingOptions options() {
            return BufferingOptions.of(on, buffers.count(), buffers.size(), fileSize, new TempFolder(folder.folder()));
        }
    }

    /// @param held true to read a request's body completely before it is sent to a peer
    record PassRequests(
            @Setting(value = "*_request_buffering on", doc = "Reads a request body completely before it is sent to a peer.")
                    boolean held,
            @Setting(value = "*_pass_request_headers on", doc = "Passes the client's header fields to the peer.") boolean fields,
            @Setting(value = "*_pass_request_body on", doc = "Passes the client's request body to the peer.") boolean body,
            @Setting(value = "*_ignore_client_abort off", doc = "Lets a peer finish its response after the client disconnected.")
                    boolean ignoreClientAbort) {

        Content content() {
            return body ? new Content.Passed() : new Content.Omitted();
        }
    }

    /// @param tries 0 for no bound
    /// @param time zero for no bound
    record PassRetries(
            @Setting(value = "*_next_upstream error timeout", doc = "Sets the failures after which another peer is tried.")
                    Set<NextUpstream.Condition> conditions,
            @Setting(value = "*_next_upstream_tries 0", doc = "Limits the number of peers that are tried; 0 for all.") int tries,
            @Setting(value = "*_next_upstream_timeout 0s",
                    doc = "Limits the time from the first attempt to the start of another.")
                    Duration time) {

        NextUpstream options() {
            return conditions.isEmpty() ? NextUpstream.OFF : new NextUpstream(conditions, tries, time);
        }

        /// None for `off`.
        private static Set<NextUpstream.Condition> read(List<Line> lines) {
            Set<NextUpstream.Condition> conditions = EnumSet.noneOf(NextUpstream.Condition.class);
            List<Argument> arguments = lines.stream().flatMap(line -> line.arguments().stream()).toList();
            for (Argument argument : arguments) {
                if (argument.is("denied")) {
                    argument.notBuilt();
                } else if (!argument.is("off")) {
                    conditions.add(argument.choice(NextUpstream.Condition.class));
                }
            }
            return arguments.stream().anyMatch(argument -> argument.is("off")) ? Set.of() : Set.copyOf(conditions);
        }

        private static List<Directive> write(String name, Set<NextUpstream.Condition> conditions) {
            List<String> words = conditions.stream().sorted().map(each -> each.name().toLowerCase(Locale.ROOT)).toList();
            return List.of(Directive.of(name, words.isEmpty() ? List.of("off") : words));
        }
    }

    /// @param hidden fields that are not passed on, besides those that never are
    /// @param shown fields that are passed on although they usually are not
    /// @param ignored fields that are not obeyed
    record PassResponses(
            @Setting(value = "*_intercept_errors off", doc = "Replaces a peer's errors with error pages.")
                    boolean interceptErrors,
            @Setting(value = "*_hide_header", arguments = "1", doc = "Removes a field from responses.")
                    List<String> hidden,
            @Setting(value = "*_pass_header", arguments = "1", doc = "Passes on a response field that is removed by default.")
                    List<String> shown,
            @Setting(value = "*_ignore_headers", doc = "Names response fields that the server does not obey.")
                    Set<ObeyedField> ignored) {
        PassResponses {
            hidden = List.copyOf(hidden);
            shown = List.copyOf(shown);
            ignored = Set.copyOf(ignored);
        }

        ResponsePresentation presentation(Changes changes, Predicate<Exchange> hints) {
            return ResponsePresentation.of(Set.copyOf(hidden), Set.copyOf(shown), changes.redirects, changes.cookies, hints);
        }

        /// The statuses that error pages replace.
        IntPredicate intercepted(LocationBuilder location) {
            if (!interceptErrors) {
                return _ -> false;
            }
            Set<Integer> codes = new HashSet<>();
            location.get(ErrorPageModule.ErrorPageSettings.class).pages().forEach(page -> codes.addAll(page.codes()));
            return codes::contains;
        }

        Set<String> ignoredNames() {
            return ignored.stream().map(ObeyedField::toString).collect(Collectors.toSet());
        }
    }

    /// What only one protocol changes in responses.
    ///
    /// @param trailers true to pass trailers on
    record Changes(RedirectRules redirects, CookieRules cookies, boolean trailers) {
        static final Changes NONE = new Changes(RedirectRules.OFF, CookieRules.OFF, false);
    }

    static void codecs(Directives directives) {
        directives.collection(NextUpstream.Condition.class,
                        Codec.lines(Shape.of(1, Integer.MAX_VALUE).repeated(), PassRetries::read, PassRetries::write))
                .add(DeliverySettings::codecs)
                .codec(SocketSettings.Bind.class, Codec.line(1, 2, SocketSettings.Bind::read));
    }

    /// The peers of a location, in a protocol whose requests have no target of their own.
    static TargetSelector targets(LocationBuilder location, PassTarget target) {
        return target.peers() instanceof PassTarget.Destination.Computed(var address)
                ? target.computed(location, exchange -> target.url(address.apply(exchange)))
                : TargetSelector.of(new ProxyTarget(target.group(location),
                        new ProxyUrl(target.scheme(), target.peers().toString(), ""), new UriRewrite.AsItCame()));
    }

    /// Passes the requests of a location to the targets, in such a protocol.
    ProxyHandler handler(LocationBuilder location, TargetSelector targets, UpstreamProtocol protocol) {
        return new ProxyHandler(targets, TraceModule.traced(location, protocol),
                options(location, requests.content(), Changes.NONE), location.errorLog());
    }

    /// How a location passes its requests on.
    ///
    /// @param body of the requests
    /// @param changes of the responses
    ProxyOptions options(LocationBuilder location, Content body, Changes changes) {
        ServerModule.ClientBody client = location.get(ServerModule.ClientSettings.class).body();
        location.passes(responses.ignoredNames());
        return new ProxyOptions(new ProxyOptions.Wire(socket.connecting(), timeouts.options(), buffers.sizes()),
                new RequestBodyOptions(body, requests.held(), (int) client.bufferSize(),
                        new TempFolder(client.folder().folder(), client.folder().levels(), client.kept())),
                buffers.options(), retries.options(),
                        ResponseControls.of(responses.ignoredNames(), responses.intercepted(location)),
                responses.presentation(changes, hints(location)),
                delivery.options(buffers.folder(), changes.trailers), requests.ignoreClientAbort());
    }

    /// Whether the client of an exchange gets interim responses of peers.
    static Predicate<Exchange> hints(LocationBuilder location) {
        List<Template> hints = location.get(UpstreamModule.UpstreamSettings.class).hints();
        return exchange -> isWanted(hints, exchange);
    }

    /// True if one of the values is neither empty nor `0`.
    private static boolean isWanted(List<Template> values, Exchange exchange) {
        return values.stream().map(value -> value.apply(exchange)).anyMatch(value -> !value.isEmpty() && !value.equals("0"));
    }

    /// Response fields that the server obeys.
    enum ObeyedField {
        X_ACCEL_REDIRECT, X_ACCEL_EXPIRES, X_ACCEL_LIMIT_RATE, X_ACCEL_BUFFERING, X_ACCEL_CHARSET,
        EXPIRES, CACHE_CONTROL, SET_COOKIE, VARY;

        /// The name of the field, in lower case.
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}
