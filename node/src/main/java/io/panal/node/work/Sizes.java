package io.panal.node.work;

import io.panal.node.containers.ContainersException;
import java.util.Locale;

/// Sizes as Docker's options spell them: `10m`, `1g`, `4096`.
final class Sizes {
    private Sizes() {}

    /// @throws ContainersException when it is no size
    static long bytes(String text) throws ContainersException {
        String lower = text.strip().toLowerCase(Locale.ROOT);
        int end = 0;
        while (end < lower.length() && Character.isDigit(lower.charAt(end))) {
            end++;
        }
        int shift = switch (lower.substring(end)) {
            case "", "b" -> 0;
            case "k", "kb" -> 10;
            case "m", "mb" -> 20;
            case "g", "gb" -> 30;
            case "t", "tb" -> 40;
            default -> -1;
        };
        if (end == 0 || end > 15 || shift < 0) {
            throw new ContainersException(ContainersException.Reason.INVALID, "invalid size: '%s'".formatted(text));
        }
        return Long.parseLong(lower.substring(0, end)) << shift;
    }
}
