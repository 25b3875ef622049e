package io.selvage.server.http1;

import io.selvage.server.http.Failure;
import io.selvage.server.http.Headers;

/// Receives the fields of a head, in order.
@FunctionalInterface
public interface HeadSink {

    /// @throws Failure a bug, where the field could end a line early
    void field(String name, String value) throws Failure;

    /// Receives a field whose name is in many heads.
    default void field(PreparedName name, String value) throws Failure {
        field(name.text(), value);
    }

    /// Receives a field of others, perhaps without making a string of its value.
    default void field(Headers fields, int index) throws Failure {
        field(fields.name(index), fields.value(index));
    }
}
