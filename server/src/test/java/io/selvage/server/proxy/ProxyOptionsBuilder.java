package io.selvage.server.proxy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;

/// Options for a test: nginx's defaults with long timeouts, where the test says nothing else.
final class ProxyOptionsBuilder {
    /// `proxy_next_upstream error timeout`, as long as there are peers.
    static final NextUpstream NEXT_BY_DEFAULT =
            new NextUpstream(EnumSet.of(NextUpstream.Condition.ERROR, NextUpstream.Condition.TIMEOUT), 0, Duration.ZERO);

    private final TempFolder folder = new TempFolder(Path.of(System.getProperty("java.io.tmpdir")));
    private ProxyOptions.Timeouts timeouts = new ProxyOptions.Timeouts(ProxyFixture.LONG, ProxyFixture.LONG, ProxyFixture.LONG);
    private RequestBodyOptions requestBody = new RequestBodyOptions(new RequestBodyOptions.Content.Passed(), true, 16384, folder);
    private BufferingOptions buffering = new BufferingOptions(true, 32 << 10, 1 << 30, folder);
    private NextUpstream nextUpstream = NEXT_BY_DEFAULT;
    private Set<String> ignored = Set.of();
    private IntPredicate intercepted = _ -> false;
    private boolean ignoreClientAbort;
    private boolean hints = true;
    private boolean trailers;

    ProxyOptionsBuilder readTimeout(Duration read) {
        timeouts = new ProxyOptions.Timeouts(ProxyFixture.LONG, ProxyFixture.LONG, read);
        return this;
    }

    /// Sends this body, received in full.
    ProxyOptionsBuilder body(RequestBodyOptions.Content content) {
        requestBody = new RequestBodyOptions(content, true, 16384, folder);
        return this;
    }

    /// Passes the client's body on, received in full, in a file of this folder when it is long.
    ProxyOptionsBuilder bodyIn(Path bodyFolder) {
        requestBody = new RequestBodyOptions(new RequestBodyOptions.Content.Passed(), true, 16384, new TempFolder(bodyFolder));
        return this;
    }

    /// Passes the client's body on as it comes.
    ProxyOptionsBuilder streamedBody() {
        requestBody = new RequestBodyOptions(new RequestBodyOptions.Content.Passed(), false, 16384, folder);
        return this;
    }

    ProxyOptionsBuilder buffering(boolean on) {
        buffering = new BufferingOptions(on, buffering.inMemory(), buffering.inFile(), buffering.folder());
        return this;
    }

    ProxyOptionsBuilder buffering(int inMemory, long inFile, Path bufferFolder) {
        buffering = new BufferingOptions(true, inMemory, inFile, new TempFolder(bufferFolder));
        return this;
    }

    ProxyOptionsBuilder nextUpstream(NextUpstream when) {
        nextUpstream = when;
        return this;
    }

    ProxyOptionsBuilder ignoring(String... fields) {
        ignored = Set.of(fields);
        return this;
    }

    ProxyOptionsBuilder intercepting(IntPredicate statuses) {
        intercepted = statuses;
        return this;
    }

    ProxyOptionsBuilder ignoringClientAbort() {
        ignoreClientAbort = true;
        return this;
    }

    ProxyOptionsBuilder withoutHints() {
        hints = false;
        return this;
    }

    /// Passes the trailers of responses on.
    ProxyOptionsBuilder trailers() {
        trailers = true;
        return this;
    }

    ProxyOptions build() {
        return new ProxyOptions(new ProxyOptions.Wire(Connecting.DEFAULT, timeouts,
                new ProxyOptions.BufferSizes(8192, 16384)), requestBody, buffering, nextUpstream,
                ResponseControls.of(ignored, intercepted),
                ResponsePresentation.of(Set.of(), Set.of(), RedirectRules.OFF, CookieRules.OFF, _ -> hints),
                new Delivery(_ -> 0, false, trailers, Optional.empty()), ignoreClientAbort);
    }
}
