package io.panal.cli.host;

import io.panal.cli.client.Query;
import io.panal.cli.command.Arguments;
import io.panal.cli.command.Command;
import io.panal.cli.command.Durations;
import io.panal.cli.command.Failure;
import io.panal.cli.command.Session;
import io.panal.cli.command.Usage;
import io.panal.cli.json.Tree;
import io.panal.cli.shown.Images;
import io.panal.cli.shown.Text;
import io.panal.cli.table.Listing;
import io.panal.cli.table.Sizes;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// `image ls` and `images`.
final class ImageList implements Command.Action {
    private static final String NONE = "<none>";
    private static final Map<String, String> HEADERS = Map.of(
            "Repository", "REPOSITORY",
            "Tag", "TAG",
            "Digest", "DIGEST",
            "ID", "IMAGE ID",
            "CreatedSince", "CREATED",
            "CreatedAt", "CREATED AT",
            "Size", "SIZE");

    private ImageList() {}

    static Command command(String words) {
        Usage usage = new Usage(
                words,
                "[OPTIONS] [REPOSITORY[:TAG]]",
                "List images",
                List.of("panal image ls", "panal image list", "panal images"),
                """
                -a, --all   Show all images (default hides intermediate images)
                --digests   Show digests
                -f, --filter filter   Filter output based on conditions provided
                """ + Usage.TABLE_FORMAT + """
                        --no-trunc   Don't truncate output
                        -q, --quiet   Only show image IDs
                        """,
                new Usage.Arity(0, 1, false));
        return new Command.Leaf(usage, new ImageList());
    }

    @Override
    public int run(Arguments arguments, Session session) throws Failure, IOException {
        Map<String, List<String>> filters = arguments.filters();
        if (!arguments.operands().isEmpty()) {
            filters.put("reference", List.of(arguments.operand(0)));
        }
        Query query = Query.of("/images/json").filters(filters);
        if (arguments.isOn("all")) {
            query.with("all", 1);
        }
        boolean shorten = !arguments.isOn("no-trunc");
        boolean digests = arguments.isOn("digests");
        List<Map<String, @Nullable Object>> rows = new ArrayList<>();
        for (Tree image : session.engine().list(query.toString())) {
            add(rows, image, new Shape(shorten, digests, session.now()));
        }
        String format = arguments.text("format");
        boolean quiet = arguments.isOn("quiet") && (format.isEmpty() || format.equals("table"));
        var listing = new Listing(
                "*formatter.imageContext",
                "table {{.Repository}}\t{{.Tag}}\t" + (digests ? "{{.Digest}}\t" : "")
                        + "{{.ID}}\t{{.CreatedSince}}\t{{.Size}}",
                HEADERS);
        session.out().print(listing.render(quiet ? "{{.ID}}" : format, rows));
        return 0;
    }

    /// How rows are made.
    private record Shape(boolean shorten, boolean digests, Instant now) {}

    private static void add(List<Map<String, @Nullable Object>> rows, Tree image, Shape shape) {
        List<String> tags = image.texts("RepoTags");
        List<String> pinned = image.texts("RepoDigests");
        for (String tag : tags) {
            int colon = tag.lastIndexOf(':');
            String repository = Images.familiar(tag.substring(0, colon));
            rows.add(row(image, repository, tag.substring(colon + 1), digest(pinned, repository), shape));
        }
        if (!tags.isEmpty()) {
            return;
        }
        if (pinned.isEmpty()) {
            rows.add(row(image, NONE, NONE, NONE, shape));
            return;
        }
        for (String reference : shape.digests() ? pinned : pinned.subList(0, 1)) {
            int at = reference.indexOf('@');
            String repository = Images.familiar(reference.substring(0, at));
            rows.add(row(image, repository, NONE, reference.substring(at + 1), shape));
        }
    }

    private static String digest(List<String> pinned, String repository) {
        for (String reference : pinned) {
            int at = reference.indexOf('@');
            if (Images.familiar(reference.substring(0, at)).equals(repository)) {
                return reference.substring(at + 1);
            }
        }
        return NONE;
    }

    private static Map<String, @Nullable Object> row(
            Tree image, String repository, String tag, String digest, Shape shape) {
        Map<String, @Nullable Object> row = new HashMap<>();
        Instant created = Instant.ofEpochSecond(image.number("Created"));
        long age = shape.now().getEpochSecond() - created.getEpochSecond();
        row.put("ID", shape.shorten() ? Text.shortId(image.text("Id")) : image.text("Id"));
        row.put("Repository", repository);
        row.put("Tag", tag);
        row.put("Digest", digest);
        row.put("CreatedSince", Durations.human(age) + " ago");
        row.put("CreatedAt", created.toString().replace('T', ' ').replace("Z", " +0000 UTC"));
        row.put("Containers", "N/A");
        row.put("SharedSize", "N/A");
        row.put("UniqueSize", "N/A");
        row.put("VirtualSize", Sizes.decimal(image.number("VirtualSize"), 4));
        row.put("Size", Sizes.decimal(image.number("Size")));
        return row;
    }
}
