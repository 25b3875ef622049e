package io.selvage.server.module;

import io.selvage.server.config.Directives;
import java.nio.charset.StandardCharsets;

/// The directives of nginx that have no effect here: those that are accepted and ignored, each with its reason, and those that
/// are not built.
final class AbsentModule implements Module {

    @Override
    public Directives directives() {
        return new Directives().table(text("meaningless-directives")).table(text("known-directives"));
    }

    private static String text(String resource) {
        return new String(Modules.resource(resource), StandardCharsets.UTF_8);
    }
}
