package io.selvage.server.module;

import io.selvage.server.config.Argument;
import io.selvage.server.http1.CharClasses;

/// An argument that names a field of a head.
final class FieldNameArgument {
    private FieldNameArgument() {
    }

    /// Reports what is no name of a field (RFC 9110 §5.1): no message with it could be sent.
    static String read(Argument argument) {
        if (!CharClasses.isToken(argument.text())) {
            argument.refuse("the name of a field");
        }
        return argument.text();
    }
}
