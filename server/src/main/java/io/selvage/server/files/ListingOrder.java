package io.selvage.server.files;

import java.util.Comparator;
import java.util.Locale;

/// The order of the files on a page. Folders come first whatever it is.
///
/// @param descending true for the last one first
record ListingOrder(Column column, boolean descending) {
    /// What files are ordered by.
    enum Column {
        NAME(Comparator.comparing(ListedFile::name)),
        TIME(Comparator.comparingLong(ListedFile::changed)),
        SIZE(Comparator.comparingLong(ListedFile::size));

        private final Comparator<ListedFile> comparator;

        Column(Comparator<ListedFile> comparator) {
            this.comparator = comparator;
        }

        /// The column of this name, in lower case; the name for anything else.
        static Column of(String name) {
            return switch (name) {
                case "time" -> TIME;
                case "size" -> SIZE;
                default -> NAME;
            };
        }

        String id() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// By name, the first one first.
    static final ListingOrder BY_NAME = new ListingOrder(Column.NAME, false);

    Comparator<ListedFile> comparator() {
        Comparator<ListedFile> chosen = descending ? column.comparator.reversed() : column.comparator;
        return Comparator.<ListedFile, Boolean>comparing(file -> !file.isDirectory()).thenComparing(chosen)
                .thenComparing(ListedFile::name);
    }
}
