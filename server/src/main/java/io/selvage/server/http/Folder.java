package io.selvage.server.http;

/// Where the files of a location lie: behind `root` the whole path, behind `alias` what follows the location's prefix.
///
/// @param place the folder, or for an alias what stands in place of the prefix; absolute, without dot segments
/// @param replaced characters of the path that an alias replaces, 0 for a root
/// @param symlinks which links are followed
public record Folder(Text place, int replaced, Symlinks symlinks) {
    /// No folder: every file name is empty.
    public static final Folder NONE = new Folder(Text.literal(""), 0);

    /// All links are followed.
    public Folder(Text place, int replaced) {
        this(place, replaced, Symlinks.FOLLOWED);
    }

    /// The file of the exchange's path as it is now; `$request_filename`.
    public String file(Exchange exchange) {
        return file(exchange, exchange.routing().path());
    }

    /// The file of another path, as seen from where the exchange is; empty where there is no folder.
    public String file(Exchange exchange, String path) {
        String folder = place.apply(exchange);
        return folder.isEmpty() ? "" : folder + path.substring(Math.min(replaced, path.length()));
    }
}
