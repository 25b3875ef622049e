/// Passwords of users: the files that `htpasswd` writes, and the hashes in them. Knows no HTTP.
@NullMarked
package io.selvage.server.auth;

import org.jspecify.annotations.NullMarked;
