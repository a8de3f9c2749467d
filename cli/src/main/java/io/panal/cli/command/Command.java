package io.panal.cli.command;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// A word of the command line and what stands behind it.
public sealed interface Command {
    /// The word itself.
    String name();

    /// One line for the list of commands.
    String summary();

    /// A command that does something.
    record Leaf(Usage usage, Action action) implements Command {
        @Override
        public String name() {
            return usage.name();
        }

        @Override
        public String summary() {
            return usage.summary();
        }
    }

    /// A word followed by a further command; its commands are made when they are asked for.
    ///
    /// @param path the words up to here, the program's name first
    /// @param shared options that may stand before the further command, written as in [Usage#options]; those that
    /// the command has itself are passed on to it
    record Group(String path, String summary, List<String> names, Lookup lookup, String shared) implements Command {
        /// A word that takes no options.
        public Group(String path, String summary, List<String> names, Lookup lookup) {
            this(path, summary, names, lookup, "");
        }

        @Override
        public String name() {
            return path.substring(path.lastIndexOf(' ') + 1);
        }
    }

    /// A command that reads its arguments by itself.
    record Outside(String name, String summary, Program program) implements Command {}

    /// Finds a command by its name or another name of it.
    @FunctionalInterface
    interface Lookup {
        Optional<Command> find(String name);
    }

    /// @return what the program exits with
    @FunctionalInterface
    interface Program {
        int run(List<String> arguments);
    }

    /// What a command does with its arguments.
    @FunctionalInterface
    interface Action {
        /// @return what the program exits with
        /// @throws Failure when it cannot be done
        /// @throws IOException when the daemon refuses or cannot be reached; its message is for the user
        int run(Arguments arguments, Session session) throws Failure, IOException;
    }
}
