package io.selvage.cache;

import java.util.function.BiConsumer;

/// Reports the look-ups that go through it.
final class ObservedFileCache extends FileCache {
    private final BiConsumer<FileName, FileLookup> observer;

    ObservedFileCache(FileCache same, BiConsumer<FileName, FileLookup> observer) {
        super(same);
        this.observer = observer;
    }

    @Override
    public FileLookup find(FileName name) {
        FileLookup found = super.find(name);
        observer.accept(name, found);
        return found;
    }
}
