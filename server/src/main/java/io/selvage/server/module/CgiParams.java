package io.selvage.server.module;

import io.selvage.server.config.Codec;
import io.selvage.server.config.Directives;
import io.selvage.server.config.Line;
import io.selvage.server.proxy.CgiParam;
import java.util.List;
import java.util.stream.Stream;

/// How `fastcgi_param`, `scgi_param` and `uwsgi_param` are read.
final class CgiParams {
    private CgiParams() {
    }

    static void codecs(Directives directives) {
        directives.codec(CgiParam.class, Codec.line(2, 3, CgiParams::read, CgiParams::words));
    }

    private static CgiParam read(Line line) {
        if (line.count() > 2 && !line.argument(2).is("if_not_empty")) {
            line.argument(2).unknown();
        }
        return new CgiParam(line.argument(0).name(), line.argument(1).template(), line.count() > 2);
    }

    private static List<String> words(CgiParam param) {
        List<String> both = List.of(param.name(), param.value().toString());
        return param.ifNotEmpty() ? Stream.concat(both.stream(), Stream.of("if_not_empty")).toList() : both;
    }
}
