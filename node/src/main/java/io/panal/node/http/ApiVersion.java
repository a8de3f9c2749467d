package io.panal.node.http;

import java.util.Optional;

/// A version of the Engine API, such as 1.47.
///
/// @param major 1 for all that exist
/// @param minor counts up
public record ApiVersion(int major, int minor) implements Comparable<ApiVersion> {
    /// The newest we speak.
    public static final ApiVersion NEWEST = new ApiVersion(1, 47);
    /// The oldest we speak.
    public static final ApiVersion OLDEST = new ApiVersion(1, 24);

    /// Of a path's first segment, `v1.47`; empty when it is none.
    static Optional<ApiVersion> ofSegment(String segment) {
        int dot = segment.indexOf('.');
        if (!segment.startsWith("v") || dot < 0) {
            return Optional.empty();
        }
        String major = segment.substring(1, dot);
        String minor = segment.substring(dot + 1);
        return isNumber(major) && isNumber(minor)
                ? Optional.of(new ApiVersion(Integer.parseInt(major), Integer.parseInt(minor)))
                : Optional.empty();
    }

    private static boolean isNumber(String text) {
        return !text.isEmpty() && text.length() < 5 && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /// Whether this is `minor` of major version 1, or newer.
    public boolean isAtLeast(int minorWanted) {
        return compareTo(new ApiVersion(1, minorWanted)) >= 0;
    }

    @Override
    public int compareTo(ApiVersion other) {
        return major == other.major ? Integer.compare(minor, other.minor) : Integer.compare(major, other.major);
    }

    @Override
    public String toString() {
        return major + "." + minor;
    }
}
