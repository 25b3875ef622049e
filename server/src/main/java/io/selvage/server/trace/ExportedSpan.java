package io.selvage.server.trace;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.TraceStateBuilder;
import io.opentelemetry.sdk.common.InstrumentationLibraryInfo;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.data.StatusData;
import java.util.HexFormat;
import java.util.List;

/// A finished span as OpenTelemetry's SDK sees it.
final class ExportedSpan implements SpanData {
    private final FinishedSpan span;
    private final Resource resource;
    private final InstrumentationScopeInfo scope;
    private final Attributes attributes;
    private final List<EventData> events;

    ExportedSpan(FinishedSpan span, Resource resource, InstrumentationScopeInfo scope) {
        this.span = span;
        this.resource = resource;
        this.scope = scope;
        this.attributes = SpanEncoder.attributes(span.attributes());
        this.events = span.events().stream()
                .map(event -> EventData.create(event.epochNanos(), event.name(), Attributes.empty())).toList();
    }

    @Override
    public String getName() {
        return span.name();
    }

    @Override
    public SpanKind getKind() {
        return switch (span.kind()) {
            case SERVER -> SpanKind.SERVER;
            case CLIENT -> SpanKind.CLIENT;
        };
    }

    @Override
    public SpanContext getSpanContext() {
        return SpanContext.create(span.ids().trace().toString(), hex(span.ids().span()), TraceFlags.getSampled(), state());
    }

    @Override
    public SpanContext getParentSpanContext() {
        FinishedSpan.Ids ids = span.ids();
        if (ids.parent() == 0) {
            return SpanContext.getInvalid();
        }
        return ids.remote()
                ? SpanContext.createFromRemoteParent(ids.trace().toString(), hex(ids.parent()), TraceFlags.getSampled(), state())
                : SpanContext.create(ids.trace().toString(), hex(ids.parent()), TraceFlags.getSampled(), state());
    }

    private TraceState state() {
        TraceStateBuilder state = TraceState.builder();
        if (!span.ids().state().isEmpty()) {
            List<String> members = List.of(span.ids().state().split(",", -1));
            for (String member : members.reversed()) {         // what is put last stands first
                int equals = member.indexOf('=');
                state.put(member.substring(0, equals), member.substring(equals + 1));
            }
        }
        return state.build();
    }

    private static String hex(long id) {
        return HexFormat.of().toHexDigits(id);
    }

    @Override
    public StatusData getStatus() {
        return span.failed() ? StatusData.error() : StatusData.unset();
    }

    @Override
    public long getStartEpochNanos() {
        return span.time().start();
    }

    @Override
    public long getEndEpochNanos() {
        return span.time().end();
    }

    @Override
    public boolean hasEnded() {
        return true;
    }

    @Override
    public Attributes getAttributes() {
        return attributes;
    }

    @Override
    public int getTotalAttributeCount() {
        return attributes.size();
    }

    @Override
    public List<EventData> getEvents() {
        return events;
    }

    @Override
    public int getTotalRecordedEvents() {
        return events.size();
    }

    @Override
    public List<LinkData> getLinks() {
        return List.of();
    }

    @Override
    public int getTotalRecordedLinks() {
        return 0;
    }

    @Override
    public InstrumentationScopeInfo getInstrumentationScopeInfo() {
        return scope;
    }

    @Override
    @Deprecated
    public InstrumentationLibraryInfo getInstrumentationLibraryInfo() {
        return InstrumentationLibraryInfo.create(scope.getName(), scope.getVersion());
    }

    @Override
    public Resource getResource() {
        return resource;
    }
}
