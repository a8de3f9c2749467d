package io.panal.cli.system;

import io.panal.cli.command.Failure;
import io.panal.cli.command.Session;
import io.panal.cli.json.Tree;
import java.io.IOException;
import java.util.List;

/// What a command's operands may be, asked of the daemon.
final class Operands {
    /// @param word what the usage line calls it
    /// @param path of the list in the Engine API
    /// @param name where in an object its name stands
    private record Kind(String word, String path, String name) {}

    private static final List<Kind> KINDS = List.of(
            new Kind("SERVICE", "/services", "Spec.Name"),
            new Kind("NODE", "/nodes", "Description.Hostname"),
            new Kind("SECRET", "/secrets", "Spec.Name"),
            new Kind("CONFIG", "/configs", "Spec.Name"),
            new Kind("NETWORK", "/networks", "Name"));

    private Operands() {}

    /// @param operands as in a usage line: `[OPTIONS] SERVICE [SERVICE...]`
    /// @return none when the line names nothing that is known, or no daemon answers
    static List<String> of(String operands, Session session) {
        if (operands.contains("(worker|manager)")) {
            return List.of("worker", "manager");
        }
        for (Kind kind : KINDS) {
            if (operands.contains(kind.word())) {
                return names(kind, session);
            }
        }
        return List.of();
    }

    private static List<String> names(Kind kind, Session session) {
        try {
            return session.engine().list(kind.path()).stream()
                    .map((Tree object) -> object.text(kind.name()))
                    .toList();
        } catch (IOException | Failure unanswered) {
            // A shell that completes a word has no place for an error.
            return List.of();
        }
    }
}
