package io.selvage.server.metrics;

/// Receives the current values of a family.
@FunctionalInterface
public interface MetricValues {
    /// Adds a value. Values with equal labels are added up.
    ///
    /// @param labels the values of the labels, as many as the family has
    void add(double value, String... labels);
}
