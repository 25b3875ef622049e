package io.selvage.server.proxy;

import io.selvage.server.http.Headers;
import io.selvage.server.http.Regex;
import io.selvage.server.http.Text;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// What a response to a probe must look like (`match`): it passes all tests.
///
/// @param tests in their order; the first that fails is the reason
public record ProbeMatch(List<Test> tests) {
    /// A response with a status from 200 to 399.
    public static final ProbeMatch DEFAULT = new ProbeMatch(List.of(new Status(true, List.of(new Range(200, 399)))));

    public ProbeMatch {
        tests = List.copyOf(tests);
    }

    /// What passes one test.
    public static ProbeMatch of(Test only) {
        return new ProbeMatch(List.of(only));
    }

    /// One test of a response.
    public sealed interface Test permits Status, Present, Equal, Matching, Body, Required, GrpcHealth {

        /// @return why the response fails; empty if it passes
        Optional<String> failure(ProbeResponse response);
    }

    /// Status codes, both ends included.
    public record Range(int from, int to) {
    }

    /// `status`
    ///
    /// @param within whether the status must be in one of the ranges, or in none
    public record Status(boolean within, List<Range> ranges) implements Test {
        public Status {
            ranges = List.copyOf(ranges);
        }

        @Override
        public Optional<String> failure(ProbeResponse response) {
            int code = response.head().status().code();
            boolean found = ranges.stream().anyMatch(range -> code >= range.from && code <= range.to);
            return found == within ? Optional.empty() : Optional.of("the response has status " + code);
        }
    }

    /// `header NAME` and `header ! NAME`
    public record Present(String name, boolean wanted) implements Test {
        @Override
        public Optional<String> failure(ProbeResponse response) {
            return response.head().headers().contains(name) == wanted ? Optional.empty()
                    : Optional.of("the response has " + (wanted ? "no" : "a") + " field \"" + name + "\"");
        }
    }

    /// `header NAME = VALUE` and `header NAME != VALUE`
    public record Equal(String name, String value, boolean wanted) implements Test {
        @Override
        public Optional<String> failure(ProbeResponse response) {
            return fails(name, response.head().headers(), value::equals, wanted);
        }
    }

    /// `header NAME ~ EXPRESSION` and `header NAME !~ EXPRESSION`
    public record Matching(String name, Regex expression, boolean wanted) implements Test {
        @Override
        public Optional<String> failure(ProbeResponse response) {
            return fails(name, response.head().headers(), value -> expression.groups(value).isPresent(), wanted);
        }
    }

    /// `body ~ EXPRESSION` and `body !~ EXPRESSION`
    public record Body(Regex expression, boolean wanted) implements Test {
        @Override
        public Optional<String> failure(ProbeResponse response) {
            return expression.groups(response.body()).isPresent() == wanted ? Optional.empty()
                    : Optional.of("the body of the response " + (wanted ? "does not match" : "matches") + " \""
                            + expression.source() + "\"");
        }
    }

    /// `require`: none of the values is empty or `0`.
    public record Required(List<? extends Text> values) implements Test {
        @Override
        public Optional<String> failure(ProbeResponse response) {
            for (Text value : values) {
                String text = value.apply(response.exchange());
                if (text.isEmpty() || text.equals("0")) {
                    return Optional.of("\"" + value + "\" is " + (text.isEmpty() ? "empty" : "0"));
                }
            }
            return Optional.empty();
        }
    }

    /// Why the response fails; empty if it passes.
    Optional<String> failure(ProbeResponse response) {
        return tests.stream().flatMap(test -> test.failure(response).stream()).findFirst();
    }

    private static Optional<String> fails(String name, Headers headers, Predicate<String> test,
            boolean wanted) {
        Optional<String> value = headers.joined(name);
        if (value.filter(test).isPresent() == wanted) {
            return Optional.empty();
        }
        return Optional.of(value.map(text -> "the field \"" + name + "\" of the response is \"" + text + "\"")
                .orElse("the response has no field \"" + name + "\""));
    }
}
