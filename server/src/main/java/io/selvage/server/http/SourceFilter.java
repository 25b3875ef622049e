package io.selvage.server.http;

import java.nio.ByteBuffer;
import java.util.OptionalLong;

/// A body that reads another one and stands in its place. What it does not change is that of the other one.
public abstract class SourceFilter implements BodySource {
    /// The other one, which is closed with this one.
    protected final BodySource source;

    /// @param source belongs to this one from now on
    protected SourceFilter(BodySource source) {
        this.source = source;
    }

    @Override
    public int read(ByteBuffer into) throws Failure {
        return source.read(into);
    }

    @Override
    public int readNow(ByteBuffer into) throws Failure {
        return source.readNow(into);
    }

    @Override
    public void readAhead() {
        source.readAhead();
    }

    @Override
    public OptionalLong length() {
        return source.length();
    }

    @Override
    public boolean hasMoreNow() {
        return source.hasMoreNow();
    }

    @Override
    public Headers trailers() {
        return source.trailers();
    }

    @Override
    public void close() {
        source.close();
    }
}
