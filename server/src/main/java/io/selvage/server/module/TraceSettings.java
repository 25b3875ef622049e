package io.selvage.server.module;

import io.selvage.server.config.Address;
import io.selvage.server.config.Argument;
import io.selvage.server.config.Line;
import io.selvage.server.config.Printable;
import io.selvage.server.config.Setting;
import io.selvage.server.http.Headers;
import io.selvage.server.http.Template;
import io.selvage.server.http.Text;
import io.selvage.server.http1.CharClasses;
import io.selvage.server.trace.ExportOptions;
import io.selvage.server.trace.ReceiverAddress;
import io.selvage.server.trace.SpanAttribute;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What the directives of tracing set.
final class TraceSettings {
    private static final String HTTPS = "https://";
    private static final String HTTP = "http://";
    private static final int HTTP_PORT = 4318;

    private TraceSettings() {
    }

    /// `otel_exporter`
    record ExporterSettings(
            @Setting(value = "endpoint", doc = "Sets the OTLP receiver: `host:port` or a URL.",
                    differs = "a URL with a path means OTLP over HTTP; anything else means gRPC, as in nginx")
                    Optional<ReceiverAddress> address,
            @Setting(value = "trusted_certificate",
                    doc = "Sets the authorities that the certificate of the receiver may come from.",
                    differs = "by default those of the JDK") NamedFile trusted,
            @Setting(value = "header", doc = "Adds a header field to each export.") List<ExportField> fields,
            PaceSettings pace) {
        ExporterSettings {
            fields = List.copyOf(fields);
        }

        Headers headers() {
            Headers.Builder all = Headers.builder();
            fields.forEach(field -> all.add(field.name, field.value));
            return all.build();
        }
    }

    record PaceSettings(
            @Setting(value = "interval 5s", doc = "Limits the time between two exports.") Duration interval,
            @Setting(value = "batch_size 512", least = 1, most = 1_000_000, doc = "Limits the spans of one export.") int size,
            @Setting(value = "batch_count 4", least = 1, most = 1000,
                    doc = "Limits the batches that wait; spans beyond are dropped.",
                    differs = "counts for the process, not for each worker") int count) {
        private static final Duration SHORTEST = Duration.ofMillis(10);

        ExportOptions.Pace pace() {
            return new ExportOptions.Pace(interval.compareTo(SHORTEST) < 0 ? SHORTEST : interval, size, count);
        }
    }

    record ServiceSettings(
            @Setting(value = "otel_service_name unknown_service:selvage", doc = "Sets the name of the service in traces.",
                    differs = "the default of nginx ends with `nginx`") String service,
            @Setting(value = "otel_resource_attr", doc = "Adds an attribute to what is exported.")
                    List<ResourceAttribute> attributes) {
        ServiceSettings {
            attributes = List.copyOf(attributes);
        }

        List<SpanAttribute> resource() {
            Map<String, String> all = new LinkedHashMap<>();
            attributes.forEach(each -> all.put(each.key, each.value));
            all.put("service.name", service);
            return all.entrySet().stream().map(each -> SpanAttribute.of(each.getKey(), each.getValue())).toList();
        }
    }

    /// What a location says.
    record LocationTrace(
            @Setting(value = "otel_trace", doc = "Records spans of exchanges: `on`, `off` or a variable; `off` by default.",
                    differs = "each attempt at a peer has a span, too; after an internal redirect the first location that has "
                            + "the directive counts") Optional<Recording> recorded,
            @Setting(value = "otel_trace_context ignore",
                    doc = "Continues the trace of the client (`extract`), tells peers of it (`inject`), or both (`propagate`).",
                    differs = "peers get the span of the attempt as their parent") Propagation context,
            @Setting(value = "otel_span_name", doc = "Sets the name of spans; the path of the location by default.")
                    Optional<Template> name,
            @Setting(value = "otel_span_attr", doc = "Adds an attribute to spans.") List<SpanText> attributes) {
        LocationTrace {
            attributes = List.copyOf(attributes);
        }
    }

    /// `otel_trace_context`
    enum Propagation {
        EXTRACT, INJECT, PROPAGATE, IGNORE;

        boolean extracts() {
            return this == EXTRACT || this == PROPAGATE;
        }

        boolean injects() {
            return this == INJECT || this == PROPAGATE;
        }
    }

    /// `otel_trace`
    record Recording(Template template) {
        private static final Set<String> VALUES = Set.of("on", "off", "1", "0");

        static Recording read(Argument argument) {
            Template template = argument.template();
            if (template.isLiteral() && !VALUES.contains(argument.text())) {
                argument.refuse("\"on\", \"off\" or a variable");
            }
            return new Recording(template);
        }

        Text value() {
            return template;
        }

        String written() {
            return template.toString();
        }
    }

    /// `otel_span_attr`
    record SpanText(String key, Template value) implements Printable {
        static SpanText read(Line line) {
            return new SpanText(line.argument(0).name(), line.argument(1).template());
        }

        @Override
        public List<String> words() {
            return List.of(key, value.toString());
        }
    }

    /// `otel_resource_attr`
    record ResourceAttribute(String key, String value) implements Printable {
        static ResourceAttribute read(Line line) {
            return new ResourceAttribute(line.argument(0).name(), line.argument(1).text());
        }

        @Override
        public List<String> words() {
            return List.of(key, value);
        }
    }

    /// `header` of `otel_exporter`
    record ExportField(String name, String value) implements Printable {
        /// Fields that belong to the connection or to the encoding of an export.
        private static final Set<String> OURS = Set.of("connection", "content-length", "content-type", "expect", "host", "te",
                "transfer-encoding", "upgrade", "grpc-timeout");

        static ExportField read(Line line) {
            Argument name = line.argument(0);
            Argument value = line.argument(1);
            if (!CharClasses.isToken(name.text()) || OURS.contains(name.text().toLowerCase(Locale.ROOT))) {
                name.problem("\"header\" of \"otel_exporter\" cannot set \"" + name.text() + "\"");
            }
            if (value.text().isEmpty() || !value.text().chars().allMatch(c -> c >= ' ' && c <= '~')) {
                value.problem("invalid value of the \"header\" \"" + name.text() + "\" of \"otel_exporter\"");
            }
            return new ExportField(name.text(), value.text());
        }

        @Override
        public List<String> words() {
            return List.of(name, value);
        }
    }

    /// `endpoint`
    static ReceiverAddress address(Argument argument) {
        String text = argument.text();
        boolean tls = text.regionMatches(true, 0, HTTPS, 0, HTTPS.length());
        boolean url = tls || text.regionMatches(true, 0, HTTP, 0, HTTP.length());
        String rest = url ? text.substring(tls ? HTTPS.length() : HTTP.length()) : text;
        if (url && rest.indexOf('/') >= 0) {
            return http(argument);
        }
        if (Address.read(argument.with(rest), -1) instanceof Address.Inet(String host, int port)) {
            if (port == 0) {
                argument.refuse("a port above 0");
            } else if (port == HTTP_PORT) {
                argument.warning("\"" + text + "\" means OTLP over gRPC; for OTLP over HTTP, add the path \"/v1/traces\"");
            }
            return new ReceiverAddress.Grpc(host, port, tls);
        }
        argument.refuse("a host and a port, or a URL");
        return new ReceiverAddress.Grpc("localhost", 0, false);
    }

    private static ReceiverAddress http(Argument argument) {
        try {
            URI uri = new URI(argument.text());
            if (uri.getHost() == null || uri.getFragment() != null || uri.getPort() > 65_535) {
                argument.refuse("a URL");
            }
            return new ReceiverAddress.Http(uri);
        } catch (URISyntaxException _) {
            argument.refuse("a URL");
            return new ReceiverAddress.Http(URI.create("http://localhost/"));
        }
    }

    /// As it was read.
    static String written(ReceiverAddress address) {
        return address.toString();
    }
}
