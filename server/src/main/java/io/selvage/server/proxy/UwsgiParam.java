package io.selvage.server.proxy;

import io.selvage.server.http.Text;

/// A variable of the uwsgi protocol (`uwsgi_param`).
///
/// @param ifNotEmpty true if an empty value is left out
public record UwsgiParam(String name, Text value, boolean ifNotEmpty) {
}
