package io.selvage.server.admin;

import jakarta.json.spi.JsonProvider;

/// The library that reads and writes JSON.
///
/// `jakarta.json.Json` searches for it at each call, in the jar of the program, which the user of the process need not be allowed
/// to read. It is found once here, at the start, before the user changes.
final class JsonLibrary {
    static final JsonProvider JSON = JsonProvider.provider();

    private JsonLibrary() {
    }

    /// Finds it, unless it was found already.
    static JsonProvider find() {
        return JSON;
    }
}
