package io.selvage.server.module;

import io.selvage.server.config.Codec;
import io.selvage.server.config.Config;
import io.selvage.server.config.Context;
import io.selvage.server.config.Directives;
import io.selvage.server.config.Line;
import io.selvage.server.config.Section;
import io.selvage.server.config.Shape;
import io.selvage.server.http.Text;
import io.selvage.server.module.TraceSettings.ExportField;
import io.selvage.server.module.TraceSettings.ExporterSettings;
import io.selvage.server.module.TraceSettings.LocationTrace;
import io.selvage.server.module.TraceSettings.Propagation;
import io.selvage.server.module.TraceSettings.Recording;
import io.selvage.server.module.TraceSettings.ResourceAttribute;
import io.selvage.server.module.TraceSettings.ServiceSettings;
import io.selvage.server.module.TraceSettings.SpanText;
import io.selvage.server.proxy.AnnouncedProtocol;
import io.selvage.server.proxy.UpstreamProtocol;
import io.selvage.server.tls.KeyPairFiles;
import io.selvage.server.tls.TlsFileException;
import io.selvage.server.trace.ExchangeTrace;
import io.selvage.server.trace.ExportOptions;
import io.selvage.server.trace.ReceiverAddress;
import io.selvage.server.trace.TraceOptions;
import io.selvage.server.trace.TraceStart;
import io.selvage.server.trace.TracedAttempts;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Distributed tracing: the directives of nginx's module for OpenTelemetry.
final class TraceModule implements Module {
    private static final Context EXPORTER = new Context("otel_exporter");
    private static final String TRACE = "otel_trace";

    @Override
    public Directives directives() {
        return new Directives()
                .block("otel_exporter", Shape.of(0, 0).repeated(), "Sets where spans are exported, and how.", Contexts.HTTP)
                .isolate(EXPORTER)
                .settings(ExporterSettings.class, EXPORTER)
                .settings(ServiceSettings.class, Contexts.HTTP)
                .settings(LocationTrace.class, Contexts.HTTP, Contexts.SERVER, Contexts.LOCATION)
                .codec(ReceiverAddress.class, Codec.word(TraceSettings::address, TraceSettings::written))
                .codec(ExportField.class, Codec.line(2, 2, ExportField::read))
                .codec(ResourceAttribute.class, Codec.line(2, 2, ResourceAttribute::read))
                .codec(Recording.class, Codec.word(Recording::read, Recording::written))
                .codec(SpanText.class, Codec.line(2, 2, SpanText::read))
                .check(main -> main.inside(Contexts.HTTP).forEach(TraceModule::check));
    }

    private static void check(Section http) {
        List<Section> exporters = http.inside(EXPORTER);
        exporters.stream().skip(1).forEach(block -> block.line().problem("\"otel_exporter\" is duplicate"));
        for (Section block : exporters) {
            if (block.get(ExporterSettings.class).address().isEmpty()) {
                block.line().problem("\"endpoint\" is missing in \"otel_exporter\"");
            }
            block.scope().here("trusted_certificate").forEach(TraceModule::checkAuthorities);
        }
        if (exporters.isEmpty()) {
            checkUntraced(http);
        }
    }

    private static void checkAuthorities(Line line) {
        try {
            if (line.argument(0).machine().readsFiles()) {
                KeyPairFiles.authorities(line.argument(0).configPath());
            }
        } catch (TlsFileException e) {
            line.argument(0).problem(String.valueOf(e.getMessage()));
        }
    }

    /// Without a receiver, nothing can be recorded.
    private static void checkUntraced(Section section) {
        section.scope().here(TRACE).stream().filter(line -> !line.hasOnly("off"))
                .forEach(line -> line.problem("\"otel_trace\" needs an \"otel_exporter\" in \"http\""));
        section.inside(Contexts.SERVER).forEach(TraceModule::checkUntraced);
        section.inside(Contexts.LOCATION).forEach(TraceModule::checkUntraced);
    }

    private static Optional<ExporterSettings> exporter(Section http) {
        return http.inside(EXPORTER).stream().findFirst().map(block -> block.get(ExporterSettings.class));
    }

    /// What a configuration says about exports; empty if spans are not exported.
    static Optional<ExportOptions> exportOptions(Config config) {
        Section http = config.block(Contexts.HTTP);
        return exporter(http).map(set -> new ExportOptions(set.address().orElseThrow(), set.trusted().found(), set.headers(),
                set.pace().pace(), http.get(ServiceSettings.class).resource(), ProductVersion.NUMBER));
    }

    @Override
    public Variables variables(VariableSources sources) {
        return Variables.of(Map.of(
                "otel_trace_id", ExchangeTrace::traceId,
                "otel_span_id", ExchangeTrace::spanId,
                "otel_parent_id", ExchangeTrace::parentId,
                "otel_parent_sampled", ExchangeTrace::parentSampled));
    }

    /// A location whose trace context is ignored and that says nothing about recording, or `off` where nothing is exported, has
    /// nothing of this.
    @Override
    public void assemble(LocationBuilder location) {
        options(location).ifPresent(options -> {
            location.value(options);
            TraceStart start = new TraceStart(options);
            if (location.isSite()) {
                location.filter(start);
            } else if (!location.section().scope().isPart()) {
                location.rewrite(start);
            }
        });
    }

    /// A protocol of a location, whose attempts are part of a trace if the location has one.
    static UpstreamProtocol traced(LocationBuilder location, UpstreamProtocol protocol) {
        return options(location).<UpstreamProtocol>map(options -> new AnnouncedProtocol(protocol, new TracedAttempts(options)))
                .orElse(protocol);
    }

    private static Optional<TraceOptions> options(LocationBuilder location) {
        LocationTrace set = location.get(LocationTrace.class);
        boolean exports = exporter(location.shared().http()).isPresent();
        Optional<Text> recorded = exports ? set.recorded().map(Recording::value) : Optional.empty();
        if (recorded.isEmpty() && set.context() == Propagation.IGNORE) {
            return Optional.empty();
        }
        List<TraceOptions.ComputedAttribute> attributes = set.attributes().stream()
                .map(each -> new TraceOptions.ComputedAttribute(each.key(), each.value())).toList();
        String route = location.match().map(match -> LocationMatch.words(match).getLast()).orElse("");
        return Optional.of(new TraceOptions(set.context().extracts(), set.context().injects(), recorded,
                set.name().map(name -> name), attributes, route, location.state().spans()));
    }
}
