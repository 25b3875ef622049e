/// # Static files
///
/// Paths become files and files become answers: indexes, redirects to directories, `try_files`. Nothing here reads a
/// configuration, sends a byte or knows of peers.
///
/// Read [FileResolver], the one way from a path to a file, then [FileHandler] and [TryFiles].
@NullMarked
package io.selvage.server.files;

import org.jspecify.annotations.NullMarked;
