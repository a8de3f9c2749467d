package io.panal.machines.model;

import java.util.Locale;
import java.util.regex.Pattern;

/// A machine's name, which is also its host name: one DNS label of at most 63 characters.
public record MachineName(String text) implements Comparable<MachineName> {
    private static final Pattern HOST_NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9\\-.]*");
    private static final Pattern LABEL = Pattern.compile("[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?");

    public MachineName {
        if (!LABEL.matcher(text).matches()) {
            throw new IllegalStateException("no DNS label: " + text);
        }
    }

    /// Checks a name that a user typed.
    public static MachineName of(String text) throws MachineFailure {
        if (!HOST_NAME.matcher(text).matches()) {
            throw new MachineFailure("Invalid hostname specified. Allowed hostname chars are: 0-9a-zA-Z . -");
        }
        if (!LABEL.matcher(text).matches()) {
            throw new MachineFailure(("Invalid hostname specified. \"%s\" is no DNS label: at most 63 letters, digits"
                            + " and hyphens, no dot, no hyphen at the end")
                    .formatted(text));
        }
        return new MachineName(text);
    }

    /// Two names that differ only in case would be one host name.
    public boolean isSameHostAs(MachineName other) {
        return text.equalsIgnoreCase(other.text);
    }

    @Override
    public int compareTo(MachineName other) {
        return text.toLowerCase(Locale.ROOT).compareTo(other.text.toLowerCase(Locale.ROOT));
    }

    @Override
    public String toString() {
        return text;
    }
}
