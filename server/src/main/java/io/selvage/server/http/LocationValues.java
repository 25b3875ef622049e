package io.selvage.server.http;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// What the variables of features need to know of the current location: at most one object of a type. Immutable.
public final class LocationValues {
    /// Nothing.
    public static final LocationValues NONE = new LocationValues(List.of());

    private final Map<Class<?>, Object> byType;

    /// @param values no two of one type
    public LocationValues(List<?> values) {
        byType = values.stream().collect(Collectors.toUnmodifiableMap(Object::getClass, Function.identity()));
    }

    /// The object of exactly this class, not of a supertype; empty if the location has none.
    public <T> Optional<T> get(Class<T> type) {
        return Optional.ofNullable(byType.get(type)).map(type::cast);
    }
}
