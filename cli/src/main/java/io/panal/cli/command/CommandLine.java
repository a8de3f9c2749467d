package io.panal.cli.command;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Finds the command that a line of words means, and runs it.
public final class CommandLine {
    private final Usage root;
    private final Sections sections;
    private final Command.Lookup lookup;

    /// The commands of the program, as its help groups them.
    ///
    /// @param titles one for each list of names
    public record Sections(List<String> titles, List<List<String>> names) {}

    public CommandLine(Usage root, Sections sections, Command.Lookup lookup) {
        this.root = root;
        this.sections = sections;
        this.lookup = lookup;
    }

    /// The usage line and options of the program itself.
    public Usage root() {
        return root;
    }

    /// The options before the command; its operands are the command's words.
    public Arguments globals(List<String> words) throws Failure {
        return Arguments.read(root, words);
    }

    /// Runs the words that follow the global options.
    public int run(List<String> words, Session session) throws Failure, IOException {
        if (words.isEmpty()) {
            session.out().print(rootHelp());
            return 0;
        }
        if (words.getFirst().equals("help")) {
            return help(words.subList(1, words.size()), session);
        }
        String word = words.getFirst();
        Command command = lookup.find(word)
                .orElseThrow(() -> Failure.because(root.path() + ": unknown command: " + root.path() + " " + word
                        + "\n\nRun '" + root.path() + " --help' for more information"));
        return run(command, words.subList(1, words.size()), session);
    }

    private int run(Command command, List<String> words, Session session) throws Failure, IOException {
        // Not a switch over types: the first such switch of a run costs as much as the rest of a quick command.
        if (command instanceof Command.Leaf leaf) {
            return leaf(leaf, words, session);
        }
        if (command instanceof Command.Group group) {
            return group(group, words, session);
        }
        session.out().flush();
        return ((Command.Outside) command).program().run(words);
    }

    private static int leaf(Command.Leaf leaf, List<String> words, Session session) throws Failure, IOException {
        if (asksHelp(words, leaf.usage(), session)) {
            session.out().print(Help.of(leaf.usage(), Terminals.width() - 1));
            return 0;
        }
        Arguments arguments = Arguments.read(leaf.usage(), words);
        arguments.checkArity();
        return leaf.action().run(arguments, session);
    }

    /// Whether `--help` stands among the words that are the command's own.
    private static boolean asksHelp(List<String> words, Usage usage, Session session) {
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (word.equals("--") || (usage.arity().optionsFirst() && !word.startsWith("-") && !isValue(words, i))) {
                return false;
            }
            if (word.equals("--help")) {
                return true;
            }
            if (word.equals("-h")) {
                session.err().println("Flag shorthand -h has been deprecated, use --help");
                return true;
            }
        }
        return false;
    }

    /// Whether a word may be the value of the option before it.
    private static boolean isValue(List<String> words, int at) {
        return at > 0 && words.get(at - 1).startsWith("-") && words.get(at - 1).indexOf('=') < 0;
    }

    private int group(Command.Group group, List<String> words, Session session) throws Failure, IOException {
        if (words.isEmpty()) {
            // As docker does: a command was wanted, and a pipe gets nothing.
            session.err().print(Help.of(group));
            return 0;
        }
        if (words.getFirst().equals("--help") || words.getFirst().equals("-h")) {
            session.out().print(Help.of(group));
            return 0;
        }
        if (!group.shared().isEmpty() && words.getFirst().startsWith("-")) {
            return afterShared(group, words, session);
        }
        String word = words.getFirst();
        String tail = "\n\nUsage:  " + group.path() + "\n\nRun '" + group.path() + " --help' for more information";
        if (word.startsWith("-")) {
            String wrong = word.startsWith("--")
                    ? "unknown flag: " + word
                    : "unknown shorthand flag: '" + word.charAt(1) + "' in " + word;
            throw Failure.exiting(125, wrong + tail);
        }
        Optional<Command> found = group.lookup().find(word);
        if (found.isEmpty()) {
            throw Failure.because(root.path() + ": unknown command: " + group.path() + " " + word + tail);
        }
        return run(found.get(), words.subList(1, words.size()), session);
    }

    /// Moves options that stand before a further command behind it, where it reads them.
    private int afterShared(Command.Group group, List<String> words, Session session) throws Failure, IOException {
        var usage = Usage.of(
                group.path(),
                "[OPTIONS] COMMAND",
                group.summary(),
                group.shared(),
                new Usage.Arity(0, Integer.MAX_VALUE, true));
        Arguments given = Arguments.read(usage, words);
        if (given.operands().isEmpty()) {
            return group(group, List.of(), session);
        }
        List<String> moved = new ArrayList<>();
        moved.add(given.operand(0));
        if (group.lookup().find(given.operand(0)).orElse(null) instanceof Command.Leaf leaf) {
            for (Flag flag : leaf.usage().flags()) {
                for (String value : given.all(flag.name())) {
                    moved.add("--" + flag.name() + "=" + value);
                }
            }
        }
        moved.addAll(given.operands().subList(1, given.operands().size()));
        return group(group, moved, session);
    }

    private int help(List<String> topic, Session session) throws Failure, IOException {
        if (topic.isEmpty()) {
            session.out().print(rootHelp());
            return 0;
        }
        Optional<Command> found = lookup.find(topic.getFirst());
        for (String word : topic.subList(1, topic.size())) {
            found = found.flatMap(command ->
                    command instanceof Command.Group group ? group.lookup().find(word) : Optional.empty());
        }
        if (found.isEmpty()) {
            throw Failure.because("unknown help topic: " + String.join(" ", topic));
        }
        return run(found.get(), List.of("--help"), session);
    }

    /// The help of the program.
    public String rootHelp() {
        var out = new StringBuilder(root.line())
                .append("\n\n")
                .append(root.summary())
                .append('\n');
        for (int i = 0; i < sections.titles().size(); i++) {
            out.append('\n').append(sections.titles().get(i)).append(":\n");
            Help.appendCommands(out, sections.names().get(i), lookup);
        }
        out.append("\nGlobal Options:\n");
        Help.appendFlags(out, root.flags(), Terminals.width() - 1);
        return out.append("\nRun '")
                .append(root.path())
                .append(" COMMAND --help' for more information on a command.\n")
                .toString();
    }

    /// The command that the words mean so far.
    private Optional<Command> meant(List<String> words) {
        Optional<Command> command = lookup.find(words.getFirst());
        for (String word : words.subList(1, words.size())) {
            if (command.orElse(null) instanceof Command.Group group) {
                command = group.lookup().find(word);
            }
        }
        return command;
    }

    /// What the command that the words mean takes, as its usage line says it; empty when they mean none yet.
    public String operands(List<String> words) {
        return !words.isEmpty() && meant(words).orElse(null) instanceof Command.Leaf leaf
                ? leaf.usage().operands()
                : "";
    }

    /// All words a further word may be, for completion: commands after a group, options after a command.
    public List<String> completions(List<String> words) {
        var found = new ArrayList<String>();
        if (words.isEmpty()) {
            sections.names().forEach(found::addAll);
            return found;
        }
        switch (meant(words).orElse(null)) {
            case Command.Group group -> found.addAll(group.names());
            case Command.Leaf leaf -> leaf.usage().flags().forEach(flag -> found.add("--" + flag.name()));
            case Command.Outside _ -> {}
            case null -> {}
        }
        return found;
    }
}
