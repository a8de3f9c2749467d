package io.panal.program.cluster;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/// A guide's commands as one script that stops at the first that does not do what the guide says.
///
/// A guide's blocks marked `sh` are run as written, in their order, in one shell. Three words at the start
/// of a command's comment say what is to come of it: `refused:` the command fails, `shows TEXT` its output
/// says so before long, `once ...` it succeeds before long. Any other command succeeds at once.
final class Guide {
    private static final String PRELUDE = """
            set -eu
            failed() { echo "guide: $1" >&2; exit 1; }
            refused() { if eval "$1"; then failed "was not refused: $1"; fi; }
            until_well() {
                end=$(($(date +%s) + 90))
                until eval "$1"; do
                    [ "$(date +%s)" -lt "$end" ] || failed "did not come true: $2"
                    command sleep 0.3
                done
            }
            once() { until_well "$1" "$1"; }
            shows() { command=$2 text=$1; until_well shown "$2 says $1"; }
            shown() { said=$(eval "$command" 2>&1) || true; echo "$said"; case $said in *"$text"*) ;; *) false ;; esac; }
            """;

    private Guide() {}

    /// @param document a page in Markdown
    /// @param adapted changes each command for the place where it is run
    static String script(List<String> document, Path home, UnaryOperator<String> adapted) {
        List<String> script = new ArrayList<>(PRELUDE.lines().toList());
        script.add("cd '%s'".formatted(home));
        boolean isCode = false;
        for (String line : document) {
            if (line.startsWith("```")) {
                isCode = line.equals("```sh");
            } else if (isCode && !line.isBlank()) {
                script.addAll(told(adapted.apply(line)));
            }
        }
        return String.join("\n", script) + "\n";
    }

    private static List<String> told(String line) {
        int hash = line.indexOf(" # ");
        String command = hash < 0 ? line : line.substring(0, hash).stripTrailing();
        String comment = hash < 0 ? "" : line.substring(hash + 3);
        String quoted = quoted(command);
        String told = comment.startsWith("refused:")
                ? "refused " + quoted
                : comment.startsWith("once ")
                        ? "once " + quoted
                        : comment.startsWith("shows ")
                                ? "shows %s %s".formatted(quoted(comment.substring("shows ".length())), quoted)
                                : command;
        // Lines inside a loop are said by the loop's own.
        boolean isWhole = !command.startsWith(" ") && !command.startsWith("done");
        return isWhole ? List.of("echo " + quoted("+ " + command), told) : List.of(told);
    }

    private static String quoted(String words) {
        return "'" + words.replace("'", "'\\''") + "'";
    }
}
