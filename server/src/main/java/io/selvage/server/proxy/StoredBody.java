package io.selvage.server.proxy;

import io.selvage.server.http.BodySource;
import io.selvage.server.http.Failure;
import io.selvage.server.http.SourceFilter;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The body of a response of which a copy is stored ([ResponseStore]).
final class StoredBody extends SourceFilter {
    private final ResponseStore store;
    private final ResponseStore.Copy copy;
    private final Consumer<Failure> log;
    private @Nullable TempFile file;                       // while bytes are written to it
    private long written;
    private boolean ended;                                 // the copy has its name, or there will be none

    StoredBody(BodySource body, ResponseStore store, ResponseStore.Copy copy, Consumer<Failure> log) {
        super(body);
        this.store = store;
        this.copy = copy;
        this.log = log;
    }

    @Override
    public int read(ByteBuffer into) throws Failure {
        return stored(source.read(into), into);
    }

    @Override
    public int readNow(ByteBuffer into) throws Failure {
        return stored(source.readNow(into), into);
    }

    private int stored(int count, ByteBuffer into) {
        if (ended || count == 0) {
            return count;
        }
        try {
            TempFile open = file == null ? store.folder().open() : file;
            file = open;
            if (count > 0) {
                written += open.write(into.slice(into.position() - count, count), written);
            }
            if (count < 0 || written == source.length().orElse(-1)) {
                store.publish(open, copy);
                drop();
            }
        } catch (Failure failure) {
            log.accept(failure);
            drop();
        }
        return count;
    }

    private void drop() {
        ended = true;
        TempFile open = file;
        if (open != null) {
            file = null;
            open.close();
        }
    }

    /// Drops a copy that is not complete.
    @Override
    public void close() {
        drop();
        source.close();
    }
}
