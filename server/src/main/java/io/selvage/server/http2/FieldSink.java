package io.selvage.server.http2;

/// Takes the fields of a header block in their order.
@FunctionalInterface
public interface FieldSink {

    /// One field. Each `char` is one byte. Nothing is checked yet; names of the static table and other usual ones are shared
    /// instances.
    ///
    /// @param traits what kinds of characters it has, see [FieldTraits]
    void field(String name, String value, int traits);
}
