package io.selvage.server.admin;

import io.selvage.server.config.Language;
import io.selvage.server.config.Source;
import jakarta.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

import static io.selvage.server.admin.JsonLibrary.JSON;

/// The files of the configuration as they were loaded, without secrets.
final class ConfigDocument {
    private static final String HIDDEN = "***";

    /// Each has one group around the secret, between a group before it and one behind it.
    private static final List<Pattern> SECRETS = List.of(
            Pattern.compile("(-----BEGIN [A-Z ]*PRIVATE KEY-----)(.*?)(-----END [A-Z ]*PRIVATE KEY-----)", Pattern.DOTALL),
            Pattern.compile("(\\badmin\\s[^;{}]*\\btoken=)([^\\s;]+)()"),
            Pattern.compile("(\\bsecure_link_secret\\s+)([^;]+)()"),
            Pattern.compile("(\\bexternal_account_key\\s+\\S+\\s+data:)([^;]+)()"),
            Pattern.compile("(?i)(_set_header\\s+\"?(?:Proxy-)?Authorization\"?\\s+)([^;]+)()"),
            Pattern.compile("(://[^\\s/:@]*:)([^\\s/@]+)(@)"));

    private ConfigDocument() {
    }

    static JsonObject of(Language.Loaded loaded) {
        return JSON.createObjectBuilder().add("files", Documents.array(loaded.sources(), source -> JSON.createObjectBuilder()
                .add("path", source.path().toString())
                .add("text", withoutSecrets(text(source)))
                .build())).build();
    }

    private static String text(Source source) {
        return new String(source.bytes(), StandardCharsets.UTF_8);
    }

    private static String withoutSecrets(String text) {
        String hidden = text;
        for (Pattern secret : SECRETS) {
            hidden = secret.matcher(hidden).replaceAll("$1" + HIDDEN + "$3");
        }
        return hidden;
    }
}
