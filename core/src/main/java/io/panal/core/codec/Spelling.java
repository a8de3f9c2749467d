package io.panal.core.codec;

import java.util.Locale;
import tools.jackson.databind.PropertyNamingStrategies;

/// A component's name in UpperCamelCase, with the words that the Engine API writes in capitals.
///
/// `serviceId` is `ServiceID`, `nanoCpus` is `NanoCPUs`, `tty` is `TTY`.
final class Spelling extends PropertyNamingStrategies.NamingBase {
    private static final long serialVersionUID = 1;

    @Override
    public String translate(String component) {
        StringBuilder spelled = new StringBuilder(component.length());
        int start = 0;
        for (int end = 1; end <= component.length(); end++) {
            if (end == component.length() || Character.isUpperCase(component.charAt(end))) {
                String word = Character.toUpperCase(component.charAt(start)) + component.substring(start + 1, end);
                spelled.append(inCapitals(word));
                start = end;
            }
        }
        return spelled.toString();
    }

    private static String inCapitals(String word) {
        return switch (word) {
            case "Id", "Os", "Tty", "Uid", "Gid", "Pid", "Tls" -> word.toUpperCase(Locale.ROOT);
            case "Cpus" -> "CPUs";
            case "Ips" -> "IPs";
            default -> word;
        };
    }
}
