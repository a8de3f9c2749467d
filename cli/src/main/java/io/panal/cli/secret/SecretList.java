package io.panal.cli.secret;

import io.panal.cli.client.Query;
import io.panal.cli.command.Arguments;
import io.panal.cli.command.Command;
import io.panal.cli.command.Failure;
import io.panal.cli.command.Session;
import io.panal.cli.command.Usage;
import io.panal.cli.json.Tree;
import io.panal.cli.shown.Labels;
import io.panal.cli.shown.Text;
import io.panal.cli.table.Listing;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// `secret ls` and `config ls`.
record SecretList(Kind kind) implements Command.Action {
    private static final Map<String, String> HEADERS = Map.of(
            "ID", "ID",
            "Name", "NAME",
            "Driver", "DRIVER",
            "CreatedAt", "CREATED",
            "UpdatedAt", "UPDATED",
            "Labels", "LABELS");

    static Command command(Kind kind) {
        String path = "panal " + kind.word() + " ";
        Usage usage = new Usage(
                path + "ls",
                "[OPTIONS]",
                "List " + kind.word() + "s",
                List.of(path + "ls", path + "list"),
                "-f, --filter filter   Filter output based on conditions provided\n"
                        + Usage.TABLE_FORMAT
                        + "-q, --quiet   Only display IDs\n",
                Usage.Arity.NONE);
        return new Command.Leaf(usage, new SecretList(kind));
    }

    @Override
    public int run(Arguments arguments, Session session) throws Failure, IOException {
        List<Tree> objects = session.engine()
                .list(Query.of(kind.path()).filters(arguments.filters()).toString());
        objects.sort((one, other) -> Text.NATURAL.compare(one.text("Spec.Name"), other.text("Spec.Name")));
        List<Map<String, @Nullable Object>> rows = new ArrayList<>();
        for (Tree object : objects) {
            Map<String, @Nullable Object> row = new HashMap<>();
            row.put("ID", object.text("ID"));
            row.put("Name", object.text("Spec.Name"));
            row.put("CreatedAt", Text.ago(object.text("CreatedAt"), session.now()));
            row.put("UpdatedAt", Text.ago(object.text("UpdatedAt"), session.now()));
            row.put("Labels", Labels.shown(object.strings("Spec.Labels")));
            row.put("Label", Labels.lookup(object.strings("Spec.Labels")));
            if (kind == Kind.SECRET) {
                row.put("Driver", object.text("Spec.Driver.Name"));
            }
            rows.add(row);
        }
        String driver = kind == Kind.SECRET ? "{{.Driver}}\t" : "";
        var listing = new Listing(
                "*" + kind.word() + "." + kind.word() + "Context",
                "table {{.ID}}\t{{.Name}}\t" + driver + "{{.CreatedAt}}\t{{.UpdatedAt}}",
                HEADERS);
        String format = arguments.text("format");
        boolean quiet = arguments.isOn("quiet") && (format.isEmpty() || format.equals("table"));
        session.out().print(listing.render(quiet ? "{{.ID}}" : format, rows));
        return 0;
    }
}
