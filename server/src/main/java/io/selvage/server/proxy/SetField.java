package io.selvage.server.proxy;

import io.selvage.server.http.Text;

/// A field that is sent to the peer in the place of the client's field of that name (`proxy_set_header`).
///
/// @param value an empty result sends no such field at all
public record SetField(String name, Text value) {
}
