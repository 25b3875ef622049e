package io.selvage.perf.cli;

import io.selvage.perf.input.Complaint;
import io.selvage.perf.input.Durations;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// `10s` on the command line.
final class DurationConverter implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
        try {
            return Durations.parse(text);
        } catch (Complaint e) {
            throw new TypeConversionException(e.getMessage());
        }
    }
}
