package io.panal.images.transfer;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/// One line of docker's stream of progress.
///
/// @param id the layer (twelve digits) or the tag it is about, empty when it is about the whole
/// @param status docker's words
/// @param amount how far it is; empty where docker sends an empty `progressDetail` or none
/// @param isStep whether it is about one layer, which then has a `progressDetail` even if empty
public record Progress(Optional<String> id, String status, Optional<Amount> amount, boolean isStep) {
    private static final int BAR = 50;

    /// @param current bytes so far
    /// @param total bytes in all, zero when it is not known
    public record Amount(long current, long total) {}

    /// A line about the whole.
    public static Progress line(String status) {
        return new Progress(Optional.empty(), status, Optional.empty(), false);
    }

    /// A line about a tag.
    public static Progress about(String id, String status) {
        return new Progress(Optional.of(id), status, Optional.empty(), false);
    }

    /// A layer reached a state.
    public static Progress step(String layer, String status) {
        return new Progress(Optional.of(layer), status, Optional.empty(), true);
    }

    /// A layer is under way.
    public static Progress step(String layer, String status, long current, long total) {
        return new Progress(Optional.of(layer), status, Optional.of(new Amount(current, total)), true);
    }

    /// As docker's clients read it, without a line end.
    public String json() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("status", status);
        if (isStep) {
            fields.put("progressDetail", amount.map(Progress::detail).orElse(Map.of()));
        }
        amount.ifPresent(how -> fields.put("progress", bar(how)));
        id.ifPresent(what -> fields.put("id", what));
        return JsonMapper.shared().writeValueAsString(fields);
    }

    private static Map<String, Object> detail(Amount amount) {
        Map<String, Object> detail = new LinkedHashMap<>();
        detail.put("current", amount.current);
        if (amount.total > 0) {
            detail.put("total", amount.total);
        }
        return detail;
    }

    /// `[=====>    ]  32.77kB/1.069MB`, for clients that print it as it is.
    private static String bar(Amount amount) {
        if (amount.total <= 0) {
            return "%8s".formatted(size(amount.current));
        }
        int filled = (int) Math.min(BAR, amount.current * BAR / amount.total);
        String arrow = "=".repeat(filled) + ">" + " ".repeat(BAR - filled);
        String numbers = amount.current > amount.total
                ? "%8s".formatted(size(amount.current))
                : "%8s/%s".formatted(size(amount.current), size(amount.total));
        return "[" + arrow + "] " + numbers;
    }

    /// Docker's sizes: four digits, powers of a thousand.
    static String size(long bytes) {
        String[] units = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};
        double value = bytes;
        int unit = 0;
        while (value >= 1000 && unit < units.length - 1) {
            value /= 1000;
            unit++;
        }
        int whole = (int) Math.log10(Math.max(1, value)) + 1;
        String digits = String.format(Locale.ROOT, "%." + Math.max(0, 4 - whole) + "f", value);
        return (digits.contains(".") ? digits.replaceAll("\\.?0+$", "") : digits) + units[unit];
    }
}
