package io.panal.cli.command;

import java.util.List;

/// Help as the docker client lays it out.
public final class Help {
    private Help() {}

    /// The help of a command, wrapped at the given width.
    public static String of(Usage usage, int width) {
        var out = new StringBuilder(usage.line())
                .append("\n\n")
                .append(usage.summary())
                .append('\n');
        if (!usage.aliases().isEmpty()) {
            out.append("\nAliases:\n  ")
                    .append(String.join(", ", usage.aliases()))
                    .append('\n');
        }
        List<Flag> flags = usage.flags();
        if (!flags.isEmpty()) {
            out.append("\nOptions:\n");
            appendFlags(out, flags, width);
        }
        return out.toString();
    }

    static String of(Command.Group group) {
        var out = new StringBuilder("Usage:  ")
                .append(group.path())
                .append(" COMMAND\n\n")
                .append(group.summary())
                .append("\n\nCommands:\n");
        appendCommands(out, group.names(), group.lookup());
        return out.append("\nRun '")
                .append(group.path())
                .append(" COMMAND --help' for more information on a command.\n")
                .toString();
    }

    static void appendCommands(StringBuilder out, List<String> names, Command.Lookup lookup) {
        int widest = 11;
        for (String name : names) {
            widest = Math.max(widest, name.length() + 1);
        }
        for (String name : names) {
            String summary = lookup.find(name).map(Command::summary).orElse("");
            out.append("  ").append(name).repeat(' ', widest - name.length() + 1);
            out.append(summary).append('\n');
        }
    }

    static void appendFlags(StringBuilder out, List<Flag> flags, int width) {
        int widest = 0;
        for (Flag flag : flags) {
            widest = Math.max(widest, flag.shown().length());
        }
        for (Flag flag : flags) {
            String shown = flag.shown();
            out.append(shown).repeat(' ', widest - shown.length() + 3);
            out.append(wrap(widest + 3, width, flag.help())).append('\n');
        }
    }

    /// Breaks a flag's help into lines by the rules of the library docker uses (pflag), so that both look alike.
    private static String wrap(int indentation, int width, String text) {
        int indent = indentation;
        int room = width - indent;
        var out = new StringBuilder();
        if (room < 24) {
            indent = 16;
            room = width - indent;
            out.append('\n').repeat(' ', indent);
        }
        String margin = "\n" + " ".repeat(indent);
        if (room < 24) {
            return text.replace("\n", margin);
        }
        int slop = 5;
        int most = room - slop;
        String rest = text;
        boolean first = true;
        while (first || !rest.isEmpty()) {
            int cut = cut(rest, most, slop);
            String line = cut < 0 ? rest : rest.substring(0, cut);
            rest = cut < 0 ? "" : rest.substring(cut + 1);
            out.append(first ? "" : margin).append(line.replace("\n", margin));
            first = false;
        }
        return out.toString();
    }

    /// Where to break a text of more than `most` characters; negative when it fits with the slop.
    private static int cut(String text, int most, int slop) {
        if (most + slop > text.length()) {
            return -1;
        }
        int blank = most - 1;
        while (blank > 0 && " \t\n".indexOf(text.charAt(blank)) < 0) {
            blank--;
        }
        if (blank <= 0) {
            return -1;
        }
        int feed = text.lastIndexOf('\n', most - 1);
        return feed > 0 && feed < blank ? feed : blank;
    }
}
