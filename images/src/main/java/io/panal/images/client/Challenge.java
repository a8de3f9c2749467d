package io.panal.images.client;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One way to log in that a registry names in `WWW-Authenticate` (RFC 9110, 11.6.1).
///
/// @param scheme lower case, such as `bearer`
record Challenge(String scheme, Map<String, String> parameters) {
    private static final Pattern PIECE = Pattern.compile("(?<scheme>[A-Za-z0-9!#$%&'*+.^_`|~-]+)\\s+(?=[A-Za-z])|"
            + "(?<key>[A-Za-z0-9_-]+)\\s*=\\s*(?:\"(?<quoted>(?:[^\"\\\\]|\\\\.)*)\"|(?<plain>[^\\s,]+))");

    Challenge {
        parameters = Map.copyOf(parameters);
    }

    /// All that the headers offer, in their order.
    static List<Challenge> parse(List<String> headers) {
        List<Challenge> challenges = new ArrayList<>();
        for (String header : headers) {
            parse(header, challenges);
        }
        return challenges;
    }

    private static void parse(String header, List<Challenge> into) {
        Matcher matcher = PIECE.matcher(header);
        String scheme = header.trim().toLowerCase(Locale.ROOT);
        Map<String, String> parameters = new LinkedHashMap<>();
        boolean isOpen = false;
        while (matcher.find()) {
            if (matcher.group("scheme") != null) {
                if (isOpen) {
                    into.add(new Challenge(scheme, parameters));
                }
                scheme = matcher.group("scheme").toLowerCase(Locale.ROOT);
                parameters = new LinkedHashMap<>();
                isOpen = true;
            } else {
                String quoted = matcher.group("quoted");
                String value = quoted == null ? matcher.group("plain") : quoted.replaceAll("\\\\(.)", "$1");
                parameters.put(matcher.group("key").toLowerCase(Locale.ROOT), value);
            }
        }
        into.add(new Challenge(scheme, parameters));
    }

    String parameter(String name) {
        return parameters.getOrDefault(name, "");
    }

    /// Whether a token was shown that does not cover what was asked.
    boolean isOutOfScope() {
        return parameter("error").equals("insufficient_scope");
    }
}
