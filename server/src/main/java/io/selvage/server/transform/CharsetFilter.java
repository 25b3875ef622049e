package io.selvage.server.transform;

import io.selvage.server.http.Answer.Reply;
import io.selvage.server.http.Body;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Headers;
import io.selvage.server.http.MediaTypeSet;
import io.selvage.server.http.Template;
import io.selvage.server.observe.ErrorLog;
import io.selvage.server.observe.Severity;
import io.selvage.server.route.ResponseFilter;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.regex.Pattern;

/// Names the character set of a response in `Content-Type`, and converts the body if it has another one (`charset`).
public final class CharsetFilter implements ResponseFilter {
    private static final String CONTENT_TYPE = "Content-Type";
    private static final String PARAMETER = "charset=";
    /// Longer bodies are converted while they are sent.
    private static final int MOST_AT_ONCE = 64 * 1024;
    private static final Pattern NAME = Pattern.compile("[\\w.:+-]+");

    private final Rules rules;
    private final CharsetMaps maps;
    private final ErrorLog errors;
    private final Optional<Label> label;                   // if the fields of a response alone decide

    /// @param charset of responses; empty for none
    /// @param source of the bodies whose type names none; empty if it is the same
    /// @param override true to convert a body whose `Content-Type` names another character set
    /// @param types whose responses are changed
    /// @param byPeer true if a peer may name the character set (`X-Accel-Charset`)
    public record Rules(Optional<Template> charset, Optional<Template> source, boolean override, MediaTypeSet types,
            boolean byPeer) {
    }

    /// @param rules which character set
    /// @param maps the conversions
    /// @param errors where a missing conversion is reported
    public CharsetFilter(Rules rules, CharsetMaps maps, ErrorLog errors) {
        this.rules = rules;
        this.maps = maps;
        this.errors = errors;
        this.label = rules.override || rules.source.isPresent() ? Optional.empty()
                : rules.charset.filter(Template::isLiteral).map(name -> new Label(name.start(), rules.types));
    }

    /// Adds the parameter where there is none. Its result for reusable fields is remembered with them.
    private record Label(String charset, MediaTypeSet types) implements Headers.Maker<Headers, RuntimeException> {
        @Override
        public Headers of(Headers fields) {
            if (!types.matches(fields) || !named(fields).isEmpty()) {
                return fields;
            }
            Headers labelled = labelled(fields, charset);
            return fields.isReusable() ? labelled.reusable() : labelled;
        }
    }

    @Override
    public String directive() {
        return "charset";
    }

    @Override
    public String describe(Exchange exchange) {
        return rules.charset().map(name -> name.apply(exchange) + " for " + rules.types().words()).orElse("off");
    }

    @Override
    public String whyUnchanged(Exchange exchange, Reply reply) {
        return "not for this type, or the response names one";
    }

    @Override
    public boolean isForSubrequests() {
        return true;
    }

    @Override
    public Reply filter(Exchange exchange, Reply reply) {
        int status = reply.head().status().code();
        Headers fields = reply.head().headers();
        if (status == 301 || status == 302 || !fields.contains(CONTENT_TYPE)) {
            return reply;                                  // old browsers take the name for that of the next page
        }
        Optional<String> ofPeer = rules.byPeer ? ofPeer(exchange) : Optional.empty();
        if (ofPeer.isEmpty() && rules.charset.isEmpty()) {
            return reply;
        }
        if (ofPeer.isEmpty() && label.isPresent()) {
            return reply.withHeaders(fields.made(label.get()));
        }
        String charset = ofPeer.orElseGet(() -> evaluated(rules.charset, exchange));
        if (!NAME.matcher(charset).matches()) {
            return reply;
        }
        String named = named(fields);
        boolean affected = ofPeer.isPresent() || (named.isEmpty() ? rules.types.matches(fields) : rules.override);
        if (!affected) {
            return reply;
        }
        String source = named.isEmpty() ? evaluated(rules.source, exchange) : named;
        return source.isEmpty() || source.equalsIgnoreCase(charset) ? reply.withHeaders(labelled(fields, charset))
                : converted(exchange, reply, source, charset);
    }

    private static String evaluated(Optional<Template> name, Exchange exchange) {
        return name.map(text -> text.apply(exchange)).orElse("");
    }

    private static Optional<String> ofPeer(Exchange exchange) {
        return exchange.upstream().peerHead().flatMap(head -> head.headers().first("X-Accel-Charset"))
                .filter(name -> !name.isEmpty());
    }

    private Reply converted(Exchange exchange, Reply reply, String from, String to) {
        Headers fields = reply.head().headers();
        if (fields.contains("Content-Encoding")) {
            return reply;
        }
        Optional<BodyTransform> conversion = maps.conversion(from, to);
        if (conversion.isEmpty()) {
            errors.log(Severity.ERROR, exchange,
                    "no \"charset_map\" between the charsets \"" + from + "\" and \"" + to + "\"");
            return reply;
        }
        Headers described = labelled(fields, to);
        if (reply.body() instanceof Body.Bytes(ByteBuffer bytes, _) && conversion.get().keepsLength()
                && bytes.remaining() <= MOST_AT_ONCE) {
            return new Reply(reply.head().withHeaders(described), atOnce(bytes, conversion.get()));
        }
        Headers unranged = described.without("Accept-Ranges");
        Headers kept = conversion.get().keepsLength() ? unranged : unranged.without("Content-Length");
        Body body = reply.body() instanceof Body.None ? reply.body() : TransformedBody.of(reply.body(), conversion.get());
        return new Reply(reply.head().withHeaders(kept), body);
    }

    /// A short body in memory stays there, so that ranges can be cut from it.
    private static Body atOnce(ByteBuffer bytes, BodyTransform conversion) {
        ByteBuffer result = ByteBuffer.allocate(bytes.remaining());
        conversion.step(bytes.duplicate(), result, true);
        return new Body.Bytes(result.flip());
    }

    private static Headers labelled(Headers fields, String charset) {
        String type = fields.first(CONTENT_TYPE).orElse("");
        int parameter = parameter(type);
        return fields.replacing(CONTENT_TYPE, (parameter < 0 ? type : type.substring(0, parameter)) + "; charset=" + charset);
    }

    /// The character set that `Content-Type` names; empty for none.
    private static String named(Headers fields) {
        String type = fields.first(CONTENT_TYPE).orElse("");
        int at = parameter(type);
        if (at < 0) {
            return "";
        }
        String value = type.substring(type.indexOf('=', at) + 1);
        int end = value.indexOf(';');
        return (end < 0 ? value : value.substring(0, end)).strip().replace("\"", "");
    }

    /// Where the semicolon before the parameter is; -1 for nowhere.
    private static int parameter(String type) {
        for (int at = type.indexOf(';'); at >= 0; at = type.indexOf(';', at + 1)) {
            int name = at + 1;
            while (name < type.length() && type.charAt(name) == ' ') {
                name++;
            }
            if (type.regionMatches(true, name, PARAMETER, 0, PARAMETER.length())) {
                return at;
            }
        }
        return -1;
    }
}
