package io.panal.node.engine;

import io.panal.node.http.Refusal;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/// Times as docker's clients write them.
final class Times {
    private static final DateTimeFormatter NANOSECONDS =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSSSSS'Z'").withZone(ZoneOffset.UTC);

    private Times() {}

    /// `1700000000`, `1700000000.123456789` or RFC 3339; empty for nothing and for 0.
    static Optional<Instant> parse(String text) throws Refusal {
        if (text.isEmpty() || text.equals("0")) {
            return Optional.empty();
        }
        try {
            if (text.indexOf('T') > 0) {
                return Optional.of(OffsetDateTime.parse(text).toInstant());
            }
            BigDecimal seconds = new BigDecimal(text);
            long whole = seconds.longValue();
            long nanos = seconds.subtract(BigDecimal.valueOf(whole))
                    .movePointRight(9)
                    .longValue();
            return Optional.of(Instant.ofEpochSecond(whole, nanos));
        } catch (DateTimeException | NumberFormatException wrong) {
            throw new Refusal(400, "invalid time \"%s\": seconds since 1970 or RFC 3339 expected".formatted(text));
        }
    }

    /// RFC 3339 with all nine digits, as logs have it.
    static String nanoseconds(Instant at) {
        return NANOSECONDS.format(at);
    }
}
