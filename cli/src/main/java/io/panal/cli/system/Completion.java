package io.panal.cli.system;

import io.panal.cli.command.Arguments;
import io.panal.cli.command.Command;
import io.panal.cli.command.CommandLine;
import io.panal.cli.command.Session;
import io.panal.cli.command.Usage;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// `completion`: scripts by which a shell completes this program's words; they ask the program itself.
public final class Completion {
    private static final String BASH = """
            # bash completion for panal: source <(panal completion bash)
            _panal() {
                local current="${COMP_WORDS[COMP_CWORD]}"
                local IFS=$'\\n'
                COMPREPLY=($(compgen -W "$(panal __complete "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)" -- "$current"))
            }
            complete -o default -F _panal panal
            """;
    private static final String ZSH = """
            #compdef panal
            # zsh completion for panal: source <(panal completion zsh)
            _panal() {
                local -a found
                found=("${(@f)$(panal __complete "${(@)words[2,CURRENT]}" 2>/dev/null)}")
                compadd -- $found
            }
            compdef _panal panal
            """;
    private static final String FISH = """
            # fish completion for panal: panal completion fish | source
            complete -c panal -f -a '(panal __complete (commandline -opc)[2..-1] (commandline -ct) 2>/dev/null)'
            """;

    private final @Nullable CommandLine commandLine;

    public Completion(@Nullable CommandLine commandLine) {
        this.commandLine = commandLine;
    }

    /// The command with one word for each shell.
    public Command group() {
        return new Command.Group(
                "panal completion",
                "Generate the autocompletion script for the specified shell",
                List.of("bash", "fish", "zsh"),
                Completion::shell);
    }

    private static Optional<Command> shell(String name) {
        return switch (name) {
            case "bash" -> Optional.of(script(name, BASH));
            case "fish" -> Optional.of(script(name, FISH));
            case "zsh" -> Optional.of(script(name, ZSH));
            default -> Optional.empty();
        };
    }

    private static Command script(String shell, String text) {
        return new Command.Leaf(
                Usage.of(
                        "panal completion " + shell,
                        "",
                        "Generate the autocompletion script for " + shell,
                        "",
                        Usage.Arity.NONE),
                (_, session) -> {
                    session.out().print(text);
                    return 0;
                });
    }

    /// The hidden command the scripts call with the words so far, the last one unfinished.
    public Command answer() {
        Usage usage = Usage.of(
                "panal __complete", "[WORD...]", "Complete a line", "", new Usage.Arity(0, Integer.MAX_VALUE, true));
        return new Command.Leaf(usage, this::answer);
    }

    private int answer(Arguments arguments, Session session) {
        if (commandLine == null) {
            return 1;
        }
        List<String> words = arguments.operands();
        List<String> before = words.isEmpty() ? words : words.subList(0, words.size() - 1);
        String start = words.isEmpty() ? "" : words.getLast();
        List<String> names = start.startsWith("-") ? List.of() : Operands.of(commandLine.operands(before), session);
        for (String candidate : names.isEmpty() ? commandLine.completions(before) : names) {
            if (candidate.startsWith(start)) {
                session.out().println(candidate);
            }
        }
        return 0;
    }
}
