package io.panal.cli.shown;

import io.panal.cli.command.Durations;
import io.panal.cli.command.Failure;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;

/// Points in time as `--since` and `--until` take them.
public final class Timestamps {
    private Timestamps() {}

    /// Seconds since 1970 with nine decimals, from a relative time (`42m`), a timestamp or a date, or such seconds.
    public static String seconds(String text) throws Failure {
        try {
            Instant then = Instant.now().minusNanos(Durations.nanoseconds(text));
            return "%d.%09d".formatted(then.getEpochSecond(), then.getNano());
        } catch (IllegalArgumentException notRelative) {
            return absolute(text);
        }
    }

    private static String absolute(String text) throws Failure {
        if (isSeconds(text)) {
            return text;
        }
        try {
            Instant then = instant(text);
            return "%d.%09d".formatted(then.getEpochSecond(), then.getNano());
        } catch (DateTimeParseException _) {
            throw Failure.because("failed to parse value as time or duration: \"" + text + "\"");
        }
    }

    private static boolean isSeconds(String text) {
        for (int i = 0; i < text.length(); i++) {
            if ("0123456789.".indexOf(text.charAt(i)) < 0) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    private static Instant instant(String text) {
        int time = text.indexOf('T');
        if (time < 0) {
            return LocalDate.parse(text).atStartOfDay(ZoneId.systemDefault()).toInstant();
        }
        boolean zoned = text.endsWith("Z") || text.indexOf('+', time) > 0 || text.indexOf('-', time) > 0;
        return zoned
                ? OffsetDateTime.parse(text).toInstant()
                : LocalDateTime.parse(text).atZone(ZoneId.systemDefault()).toInstant();
    }
}
