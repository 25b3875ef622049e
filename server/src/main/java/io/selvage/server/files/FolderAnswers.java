package io.selvage.server.files;

import java.util.Optional;

/// What answers for a folder, besides its index files.
///
/// @param random true to answer with any of its files, before index files are looked for (`random_index`)
/// @param listing answers where there is no index file; empty for 403
public record FolderAnswers(boolean random, Optional<AutoIndex> listing) {
    /// Index files alone.
    public static final FolderAnswers NONE = new FolderAnswers(false, Optional.empty());
}
