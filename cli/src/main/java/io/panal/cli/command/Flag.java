package io.panal.cli.command;

/// An option of a command.
///
/// @param name without its dashes
/// @param shorthand one letter, or empty
/// @param type the word help shows for its value; empty when it takes none
/// @param help what it does, its default last; may hold line feeds
public record Flag(String name, String shorthand, String type, String help) {
    boolean isSwitch() {
        return type.isEmpty();
    }

    /// How an error names it.
    String called() {
        return shorthand.isEmpty() ? "--" + name : "-" + shorthand + ", --" + name;
    }

    /// The left half of its line in the help.
    String shown() {
        String start = shorthand.isEmpty() ? "      --" : "  -" + shorthand + ", --";
        return start + name + (type.isEmpty() ? "" : " " + type);
    }
}
