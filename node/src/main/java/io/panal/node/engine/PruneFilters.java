package io.panal.node.engine;

import io.panal.core.api.Filters;
import io.panal.core.api.Query;
import io.panal.node.http.Refusal;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Which of the unused things a `prune` takes away: by their labels, and those made before a time only.
///
/// @param until what was made later stays
record PruneFilters(Filters filters, Optional<Instant> until) {
    private static final Pattern PART = Pattern.compile("([0-9]+(?:\\.[0-9]+)?)(ns|us|µs|ms|s|m|h)");
    private static final Pattern WHOLE = Pattern.compile("(?:" + PART.pattern() + ")+");
    private static final Map<String, Long> UNITS = Map.of(
            "ns",
            1L,
            "us",
            1_000L,
            "µs",
            1_000L,
            "ms",
            1_000_000L,
            "s",
            1_000_000_000L,
            "m",
            60_000_000_000L,
            "h",
            3_600_000_000_000L);

    /// @param more keys that are accepted beside `label`, `label!` and `until`
    /// @throws Refusal for a time that cannot be read: nothing is taken away then
    static PruneFilters of(Query query, Instant now, String... more) throws Refusal {
        List<String> accepted = new ArrayList<>(List.of("label", "label!", "until"));
        accepted.addAll(List.of(more));
        Filters filters = Filters.of(query, accepted);
        List<String> until = filters.all("until");
        if (until.size() > 1) {
            throw new Refusal(400, "more than one until filter specified");
        }
        return new PruneFilters(filters, until.isEmpty() ? Optional.empty() : Optional.of(time(until.getFirst(), now)));
    }

    /// Whether it may go as far as label and age say.
    boolean fits(Map<String, String> labels, Instant createdAt) {
        return filters.labels("label", labels)
                && (filters.all("label!").isEmpty() || !filters.labels("label!", labels))
                && until.map(createdAt::isBefore).orElse(true);
    }

    /// `10m` or `1h30m` ago, a day, or a time as [Times] reads it.
    private static Instant time(String text, Instant now) throws Refusal {
        if (WHOLE.matcher(text).matches()) {
            return now.minus(duration(text));
        }
        try {
            if (text.matches("[0-9]{4}-[0-9]{2}-[0-9]{2}")) {
                return LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
            }
            if (text.matches("[0-9-]{10}T[0-9:.]+")) {
                return LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
            }
        } catch (DateTimeParseException wrong) {
            throw new Refusal(400, "invalid time \"%s\": %s".formatted(text, wrong.getMessage()));
        }
        return Times.parse(text)
                .orElseThrow(() ->
                        new Refusal(400, "invalid time \"%s\": a duration as 24h or a date expected".formatted(text)));
    }

    private static Duration duration(String text) {
        BigDecimal nanos = BigDecimal.ZERO;
        Matcher parts = PART.matcher(text);
        while (parts.find()) {
            nanos = nanos.add(new BigDecimal(parts.group(1))
                    .multiply(BigDecimal.valueOf(UNITS.getOrDefault(parts.group(2), 1L))));
        }
        return Duration.ofNanos(nanos.longValue());
    }
}
