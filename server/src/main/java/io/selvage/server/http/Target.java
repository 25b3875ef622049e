package io.selvage.server.http;

/// The target of a request, parsed and normalised once (RFC 9112 §3.2, RFC 3986 §6.2). Locations, access rules, files
/// and peers all see this one reading.
///
/// @param form which of the four forms it came in
/// @param raw path and query as they came, without the authority of an absolute-form; `$request_uri`
/// @param path percent-decoded, without dot segments, with or without doubled slashes as the site says; each `char` is one byte;
///        starts with a slash except for `*` and the authority of a CONNECT
/// @param query what stands behind the first question mark, undecoded; empty for none
/// @param authority of an absolute-form, with its port when it has one; empty for the other forms
public record Target(Form form, String raw, String path, String query, String authority) {

    /// RFC 9112 §3.2.1 to §3.2.4.
    public enum Form { ORIGIN, ABSOLUTE, AUTHORITY, ASTERISK }
}
