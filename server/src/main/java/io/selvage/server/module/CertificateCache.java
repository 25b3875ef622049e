package io.selvage.server.module;

import io.selvage.server.config.Argument;
import io.selvage.server.config.Line;
import io.selvage.server.config.Printable;
import io.selvage.server.config.Values;
import io.selvage.server.tls.KeyCache;
import java.time.Duration;
import java.util.List;

/// The cache of certificates whose names have variables: `ssl_certificate_cache`.
///
/// @param options no certificate is kept if it has room for none
record CertificateCache(KeyCache.Options options) implements Printable {
    private static final Duration USUAL_INACTIVE = Duration.ofSeconds(10);
    private static final Duration USUAL_VALID = Duration.ofSeconds(60);

    static CertificateCache read(Line line) {
        int max = 0;
        Duration inactive = USUAL_INACTIVE;
        Duration valid = USUAL_VALID;
        if (!line.hasOnly("off")) {
            for (Argument argument : line.arguments()) {
                switch (argument.word().key()) {
                    case "max" -> max = argument.option().number(1, Integer.MAX_VALUE);
                    case "inactive" -> inactive = argument.option().time();
                    case "valid" -> valid = argument.option().time();
                    default -> argument.unknown();
                }
            }
            if (max == 0) {
                line.problem("\"" + line.name() + "\" needs \"max=\" or \"off\"");
            }
        }
        return new CertificateCache(new KeyCache.Options(max, inactive, valid));
    }

    @Override
    public List<String> words() {
        return options.max() == 0 ? List.of("off") : List.of("max=" + options.max(),
                "inactive=" + Values.time(options.inactive()), "valid=" + Values.time(options.valid()));
    }
}
