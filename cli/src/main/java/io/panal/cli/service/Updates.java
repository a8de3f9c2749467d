package io.panal.cli.service;

import io.panal.cli.client.Query;
import io.panal.cli.command.Failure;
import io.panal.cli.command.Session;
import io.panal.cli.json.Tree;
import java.io.IOException;
import java.util.List;

/// Sending a changed service.
final class Updates {
    private Updates() {}

    /// The request that updates a service at the version it was read at.
    static Query of(Tree service) {
        return Query.of("/services/", service.text("ID"), "/update").with("version", service.number("Version.Index"));
    }

    /// @return the daemon's warnings
    static List<String> send(Session session, Query query, Tree service, String headers) throws Failure, IOException {
        return session.engine()
                .post(query.toString(), service.tree("Spec").map(), headers)
                .texts("Warnings");
    }

    static void warn(Session session, List<String> warnings) {
        session.out().flush();
        for (String warning : warnings) {
            session.err().println(warning);
        }
    }
}
