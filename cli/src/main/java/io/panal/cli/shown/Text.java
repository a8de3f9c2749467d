package io.panal.cli.shown;

import io.panal.cli.command.Durations;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Comparator;

/// Small conversions that every list needs.
public final class Text {
    private static final int SHORT_ID = 12;

    private Text() {}

    /// The first 12 characters, as docker shortens ids.
    public static String shortId(String id) {
        String bare = id.startsWith("sha256:") ? id.substring(7) : id;
        return bare.length() > SHORT_ID ? bare.substring(0, SHORT_ID) : bare;
    }

    /// With a capital letter: `running` is shown as `Running`.
    public static String capital(String word) {
        return word.isEmpty() ? word : Character.toUpperCase(word.charAt(0)) + word.substring(1);
    }

    /// At most so many characters, the last one an ellipsis when something was cut.
    public static String cut(String text, int most) {
        int length = text.codePointCount(0, text.length());
        return length <= most ? text : text.substring(0, text.offsetByCodePoints(0, most - 1)) + "…";
    }

    /// How long ago a time of the API was: `5 seconds ago`; empty when it is no time.
    public static String ago(String timestamp, Instant now) {
        try {
            long seconds = Duration.between(Instant.parse(timestamp), now).toSeconds();
            return Durations.human(seconds) + " ago";
        } catch (DateTimeParseException _) {
            return "";
        }
    }

    /// Whether a time of the API is set; Go writes the year 1 for none.
    public static boolean isTime(String timestamp) {
        return !timestamp.isEmpty() && !timestamp.startsWith("0001-01-01");
    }

    /// Orders names so that `web.2` stands before `web.10`.
    public static final Comparator<String> NATURAL = Text::compare;

    private static int compare(String left, String right) {
        int i = 0;
        int j = 0;
        while (i < left.length() && j < right.length()) {
            boolean digits = isDigit(left.charAt(i)) && isDigit(right.charAt(j));
            if (!digits) {
                if (left.charAt(i) != right.charAt(j)) {
                    return Character.compare(left.charAt(i), right.charAt(j));
                }
                i++;
                j++;
                continue;
            }
            int endLeft = end(left, i);
            int endRight = end(right, j);
            String one = withoutZeros(left, i, endLeft);
            String other = withoutZeros(right, j, endRight);
            int order = one.length() != other.length()
                    ? Integer.compare(one.length(), other.length())
                    : one.compareTo(other);
            if (order != 0) {
                return order;
            }
            i = endLeft;
            j = endRight;
        }
        return Integer.compare(left.length() - i, right.length() - j);
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static int end(String text, int from) {
        int at = from;
        while (at < text.length() && isDigit(text.charAt(at))) {
            at++;
        }
        return at;
    }

    private static String withoutZeros(String text, int from, int to) {
        int at = from;
        while (at < to - 1 && text.charAt(at) == '0') {
            at++;
        }
        return text.substring(at, to);
    }
}
