package io.selvage.perf.load;

import io.selvage.perf.http.Request;
import java.util.List;

/// Requests with weights. The request sent as number `n` is a pure function of `n`, so two runs send the same sequence.
public final class Mix {
    /// A request that is sent `weight` times as often as one of weight 1.
    public record Part(Request request, int weight) {
        public Part {
            if (weight < 1) {
                throw new IllegalArgumentException("a weight is 1 or more, not " + weight);
            }
        }
    }

    private final List<Part> parts;
    private final int totalWeight;

    /// A mix of at least one part.
    public Mix(List<Part> parts) {
        if (parts.isEmpty()) {
            throw new IllegalArgumentException("a mix needs at least one request");
        }
        this.parts = List.copyOf(parts);
        this.totalWeight = parts.stream().mapToInt(Part::weight).reduce(0, Math::addExact);
    }

    /// A mix of one request.
    public static Mix of(Request request) {
        return new Mix(List.of(new Part(request, 1)));
    }

    /// The different requests, in order.
    public List<Request> requests() {
        return parts.stream().map(Part::request).toList();
    }

    /// The index in [#requests] of the request to send as number `n`. Mixing the bits of `n` scatters consecutive numbers.
    public int pick(long n) {
        if (parts.size() == 1) {
            return 0;
        }
        long bits = (n + 1) * 0x9E3779B97F4A7C15L;
        bits = (bits ^ bits >>> 30) * 0xBF58476D1CE4E5B9L;
        bits = (bits ^ bits >>> 27) * 0x94D049BB133111EBL;
        int mark = (int) Long.remainderUnsigned(bits ^ bits >>> 31, totalWeight);
        int index = 0;
        while (mark >= parts.get(index).weight()) {
            mark -= parts.get(index++).weight();
        }
        return index;
    }
}
