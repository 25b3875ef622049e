package io.selvage.cache;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// Looks up cached files in turn; the cache checks each file once a second, as in the server.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class FileCacheBenchmark {
    @Param({"1", "256"})
    private int files;

    private final FileCache cache = new FileCache(FileCacheSettings.standard());
    private final List<FileName> names = new ArrayList<>();
    private Path folder = Path.of("");
    private int next;

    @Setup
    public void write() throws IOException {
        folder = Files.createTempDirectory("selvage-jmh-");
        for (int i = 0; i < files; i++) {
            names.add(FileName.of(Files.write(folder.resolve(i + ".bin"), new byte[1024])));
        }
    }

    @TearDown
    public void delete() throws IOException {
        for (FileName name : names) {
            Files.delete(name.toPath());
        }
        Files.delete(folder);
    }

    @Benchmark
    public FileLookup find() {
        next = next + 1 < files ? next + 1 : 0;
        return cache.find(names.get(next));
    }
}
