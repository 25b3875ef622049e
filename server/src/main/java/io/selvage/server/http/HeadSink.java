package io.selvage.server.http;

/// Receives the fields of a head, in order.
@FunctionalInterface
public interface HeadSink {

    /// @throws Failure a bug, where the field could end a line early
    void field(String name, String value) throws Failure;

    /// Receives a field of others, perhaps without making a string of its value.
    default void field(Headers fields, int index) throws Failure {
        field(fields.name(index), fields.value(index));
    }
}
