package io.selvage.server.proxy;

import io.selvage.server.http.Text;

/// A variable of the uwsgi protocol (`uwsgi_param`).
///
/// @param ifNotEmpty whether an empty value is left out rather than sent
public record UwsgiParam(String name, Text value, boolean ifNotEmpty) {
}
