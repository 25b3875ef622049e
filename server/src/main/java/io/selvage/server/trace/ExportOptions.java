package io.selvage.server.trace;

import io.selvage.server.http.Headers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Where spans are exported, and how.
///
/// @param address of the receiver (`endpoint`)
/// @param trusted a file with the authorities that the receiver's certificate may come from; empty for those of the JDK
/// @param fields that go with each export (`header`)
/// @param pace when spans are exported, and how many
/// @param resource what produces the spans (`otel_service_name`, `otel_resource_attr`)
/// @param version of the product
public record ExportOptions(ReceiverAddress address, Optional<Path> trusted, Headers fields, Pace pace,
        List<SpanAttribute> resource, String version) {

    /// When spans are exported, and how many.
    ///
    /// @param interval the longest time between two exports
    /// @param batchSize the most spans of an export, except that spans of one exchange stay together
    /// @param batchCount how many batches may wait
    public record Pace(Duration interval, int batchSize, int batchCount) {
        /// The most spans that wait.
        long capacity() {
            return (long) batchSize * batchCount;
        }
    }

    public ExportOptions {
        resource = List.copyOf(resource);
    }
}
