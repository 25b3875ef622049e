package io.selvage.server.proxy;

import io.selvage.server.http.Text;

/// A field for the peer that replaces the client's field of that name (`proxy_set_header`).
///
/// @param value an empty result means that there is no such field
public record SetField(String name, Text value) {
}
