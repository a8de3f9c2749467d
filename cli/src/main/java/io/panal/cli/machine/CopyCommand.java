package io.panal.cli.machine;

import io.panal.cli.command.Arguments;
import io.panal.cli.command.Command;
import io.panal.cli.command.Failure;
import io.panal.cli.command.Session;
import io.panal.cli.command.Usage.Arity;
import io.panal.machines.Machines;
import io.panal.machines.model.MachineName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// `machine scp`: copies between the host and a machine, or between machines, as a stream of tar.
final class CopyCommand implements Command.Action {
    private static final String OPTIONS = """
            -d, --delta       Reduce amount of data sent over network by sending only the differences (accepted, not used)
            -q, --quiet       Disables the progress meter (there is none)
            -r, --recursive   Copy files recursively
            """;
    /// Packs one path as its last name.
    private static final String PACK = "cd \"$(dirname \"$1\")\" && exec tar -cf - \"$(basename \"$1\")\"";
    /// Unpacks into a directory that is there, or under a new name.
    private static final String UNPACK = """
            set -e
            if [ -d "$1" ]; then cd "$1" && exec tar -xf - --no-same-owner; fi
            mkdir -p "$(dirname "$1")"
            temporary=$(mktemp -d "$(dirname "$1")/.panal-scp.XXXXXX")
            trap 'rm -rf "$temporary"' EXIT
            tar -C "$temporary" -xf - --no-same-owner
            mv -fT "$temporary/$2" "$1"
            """;

    private CopyCommand() {}

    static Command command() {
        return new Command.Leaf(
                Storages.usage(
                        "scp",
                        "[OPTIONS] [MACHINE:]PATH [MACHINE:]PATH",
                        "Copy files between machines",
                        OPTIONS,
                        Arity.ANY),
                new CopyCommand());
    }

    /// One end of a copy.
    ///
    /// @param machine empty for the host
    private record End(Optional<MachineName> machine, String path) {}

    @Override
    public int run(Arguments arguments, Session session) throws Failure, IOException {
        if (arguments.operands().size() != 2) {
            throw Failure.because("Error: Improper number of arguments");
        }
        var machines = Storages.open(arguments, session);
        var source = end(arguments.operand(0), machines);
        var target = end(arguments.operand(1), machines);
        check(arguments, machines, source);
        var lastName = Path.of(source.path()).normalize().getFileName();
        if (lastName == null) {
            throw Failure.because("scp: %s: not a file or directory with a name".formatted(source.path()));
        }
        var pack = command(machines, source, List.of("/bin/sh", "-c", PACK, "scp", source.path()));
        var unpack =
                command(machines, target, List.of("/bin/sh", "-c", UNPACK, "scp", target.path(), lastName.toString()));
        session.out().flush();
        var steps = ProcessBuilder.startPipeline(List.of(
                new ProcessBuilder(pack).redirectError(ProcessBuilder.Redirect.INHERIT),
                new ProcessBuilder(unpack)
                        .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                        .redirectError(ProcessBuilder.Redirect.INHERIT)));
        try {
            var packed = steps.getFirst().waitFor();
            var unpacked = steps.getLast().waitFor();
            return packed == 0 ? unpacked : packed;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw Failure.exiting(130, "interrupted");
        }
    }

    /// scp's own words for what is not there or needs `-r`.
    private static void check(Arguments arguments, Machines machines, End source) throws Failure, IOException {
        if (!is("-e", machines, source)) {
            throw Failure.because("scp: %s: No such file or directory".formatted(source.path()));
        }
        if (!arguments.isOn("recursive") && is("-d", machines, source)) {
            throw Failure.because("scp: %s: not a regular file (use -r for a directory)".formatted(source.path()));
        }
    }

    private static boolean is(String test, Machines machines, End end) throws IOException {
        if (end.machine().isPresent()) {
            var words = List.of("test", test, end.path());
            return machines.execute(end.machine().orElseThrow(), words).status() == 0;
        }
        var path = Path.of(end.path());
        return test.equals("-d") ? Files.isDirectory(path) : Files.exists(path);
    }

    private static List<String> command(Machines machines, End end, List<String> words) throws IOException {
        var command = new ArrayList<String>();
        if (end.machine().isPresent()) {
            command.addAll(machines.entry(end.machine().orElseThrow(), false, List.of()));
        }
        command.addAll(words);
        return command;
    }

    /// `[[user@]machine:]path`; the user is always root.
    private static End end(String text, Machines machines) throws IOException {
        var colon = text.indexOf(':');
        if (colon < 0 || text.substring(0, colon).contains("/")) {
            return new End(Optional.empty(), text);
        }
        var name = text.substring(text.lastIndexOf('@', colon) + 1, colon);
        var path = text.substring(colon + 1);
        return new End(Optional.of(Storages.existing(name, machines)), path.isEmpty() ? "." : path);
    }
}
