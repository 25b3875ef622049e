package io.selvage.server.proxy;

import io.selvage.server.http.Text;

/// A variable for an application (`fastcgi_param`, `scgi_param`, `uwsgi_param`).
///
/// @param ifNotEmpty true if an empty value is left out
public record CgiParam(String name, Text value, boolean ifNotEmpty) {
}
