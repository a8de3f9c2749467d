package io.panal.cli.command;

import java.util.ArrayList;
import java.util.List;

/// What a command is called, takes and says of itself.
///
/// @param path its words, the program's name first, such as `panal service ls`
/// @param operands the rest of the usage line, such as `[OPTIONS] SERVICE`
/// @param summary what it does, in one line
/// @param aliases its other full names; empty when it has none
/// @param options its options, one a line as help shows them: `-q, --quiet`, `--name string`, then three blanks and
/// their help; a line that starts with a blank goes on with the help before
/// @param arity how many operands it takes
public record Usage(String path, String operands, String summary, List<String> aliases, String options, Arity arity) {
    /// The `--format` of a list.
    public static final String TABLE_FORMAT = """
            --format string   Format output using a custom template:
             'table':            Print output in table format with column headers (default)
             'table TEMPLATE':   Print output in table format using the given Go template
             'json':             Print in JSON format
             'TEMPLATE':         Print output using the given Go template.
             Refer to https://docs.docker.com/go/formatting/ for more information about formatting output with templates
            """;

    /// The `--format` of an inspection.
    public static final String INSPECT_FORMAT = """
            -f, --format string   Format output using a custom template:
             'json':             Print in JSON format
             'TEMPLATE':         Print output using the given Go template.
             Refer to https://docs.docker.com/go/formatting/ for more information about formatting output with templates
            """;

    private static final String HELP_GAP = "   ";

    /// How many operands a command takes.
    ///
    /// @param most `Integer.MAX_VALUE` when there is no limit
    /// @param optionsFirst whether options end at the first operand, since what follows belongs to another command
    public record Arity(int least, int most, boolean optionsFirst) {
        public static final Arity NONE = new Arity(0, 0, false);
        public static final Arity ANY = new Arity(0, Integer.MAX_VALUE, false);
        public static final Arity ONE = new Arity(1, 1, false);
        public static final Arity SOME = new Arity(1, Integer.MAX_VALUE, false);
    }

    /// A command without other names.
    public static Usage of(String path, String operands, String summary, String options, Arity arity) {
        return new Usage(path, operands, summary, List.of(), options, arity);
    }

    /// The last word of the path.
    public String name() {
        return path.substring(path.lastIndexOf(' ') + 1);
    }

    /// The line that says how to call it.
    String line() {
        return "Usage:  " + path + (operands.isEmpty() ? "" : " " + operands);
    }

    /// The options in the order help shows them.
    public List<Flag> flags() {
        var flags = new ArrayList<Flag>();
        for (String line : lines(options)) {
            if (line.startsWith(" ")) {
                Flag last = flags.removeLast();
                flags.add(new Flag(last.name(), last.shorthand(), last.type(), last.help() + "\n" + line.strip()));
            } else {
                flags.add(flag(line));
            }
        }
        return flags;
    }

    private static List<String> lines(String text) {
        var lines = new ArrayList<String>();
        int at = 0;
        while (at < text.length()) {
            int end = text.indexOf('\n', at);
            end = end < 0 ? text.length() : end;
            lines.add(text.substring(at, end));
            at = end + 1;
        }
        return lines;
    }

    private static Flag flag(String line) {
        int gap = line.indexOf(HELP_GAP);
        String left = gap < 0 ? line : line.substring(0, gap);
        String help = gap < 0 ? "" : line.substring(gap).stripLeading();
        String shorthand = "";
        if (!left.startsWith("--")) {
            shorthand = left.substring(1, 2);
            left = left.substring(4);
        }
        int blank = left.indexOf(' ');
        return blank < 0
                ? new Flag(left.substring(2), shorthand, "", help)
                : new Flag(left.substring(2, blank), shorthand, left.substring(blank + 1), help);
    }
}
