package io.selvage.perf.cli;

import io.selvage.perf.input.Durations;
import io.selvage.perf.input.UserError;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Converts a duration such as `10s` on the command line.
final class DurationConverter implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
        try {
            return Durations.parse(text);
        } catch (UserError e) {
            throw new TypeConversionException(e.getMessage());
        }
    }
}
