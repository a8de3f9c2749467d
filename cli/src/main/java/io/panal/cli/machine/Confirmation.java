package io.panal.cli.machine;

import io.panal.cli.command.Session;
import java.io.IOException;
import java.util.Locale;

/// A question that must be answered before something is lost.
final class Confirmation {
    private Confirmation() {}

    /// Whether the user's line begins with a y; the end of input is a no.
    static boolean given(Session session, String question) throws IOException {
        session.out().print(question);
        session.out().flush();
        var line = new StringBuilder();
        for (var next = session.in().read();
                next >= 0 && next != '\n';
                next = session.in().read()) {
            line.append((char) next);
        }
        return line.toString().strip().toLowerCase(Locale.ROOT).startsWith("y");
    }
}
