package io.panal.core.codec;

import java.util.Map;
import tools.jackson.databind.PropertyNamingStrategies;

/// A component's name in UpperCamelCase, with the words that the Engine API writes in capitals.
///
/// `serviceId` is `ServiceID`, `nanoCpus` is `NanoCPUs`, `tty` is `TTY`.
final class Spelling extends PropertyNamingStrategies.NamingBase {
    private static final long serialVersionUID = 1;

    private static final Map<String, String> WORDS = Map.ofEntries(
            Map.entry("Id", "ID"),
            Map.entry("Cpus", "CPUs"),
            Map.entry("Tty", "TTY"),
            Map.entry("Uid", "UID"),
            Map.entry("Gid", "GID"),
            Map.entry("Pid", "PID"),
            Map.entry("Os", "OS"),
            Map.entry("Tls", "TLS"),
            Map.entry("Ips", "IPs"));

    @Override
    public String translate(String component) {
        StringBuilder spelled = new StringBuilder(component.length());
        int start = 0;
        for (int end = 1; end <= component.length(); end++) {
            if (end == component.length() || Character.isUpperCase(component.charAt(end))) {
                String word = Character.toUpperCase(component.charAt(start)) + component.substring(start + 1, end);
                spelled.append(WORDS.getOrDefault(word, word));
                start = end;
            }
        }
        return spelled.toString();
    }
}
