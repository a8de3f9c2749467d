package io.panal.node.http;

import java.time.Duration;

/// What one client may cost.
///
/// @param lineBytes longest request line
/// @param headerBytes longest header block
/// @param bodyBytes longest body that is held in memory ([Exchange#bodyBytes]); a body read as a stream has no limit
/// @param connections most open connections; one more is closed at once
/// @param head how long a request's head may take from its first byte
/// @param body how long a request's body may bring nothing
/// @param idle how long a connection may stay open between two requests
public record Limits(
        int lineBytes, int headerBytes, int bodyBytes, int connections, Duration head, Duration body, Duration idle) {
    private static final int KIB = 1024;

    /// What the daemon uses. Secrets and configs are the largest JSON bodies: under 1 MB.
    public static Limits standard() {
        return new Limits(
                16 * KIB,
                64 * KIB,
                8 * KIB * KIB,
                4096,
                Duration.ofSeconds(30),
                Duration.ofSeconds(60),
                Duration.ofMinutes(10));
    }
}
