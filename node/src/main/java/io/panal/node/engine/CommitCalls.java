package io.panal.node.engine;

import io.panal.images.reference.Reference;
import io.panal.images.transfer.Progress;
import io.panal.node.build.BuildException;
import io.panal.node.build.Commit;
import io.panal.node.containers.Container;
import io.panal.node.containers.ContainerState;
import io.panal.node.containers.ImageStore;
import io.panal.node.containers.StoredImage;
import io.panal.node.http.Call;
import io.panal.node.http.Refusal;
import io.panal.node.http.Router;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import tools.jackson.databind.node.ObjectNode;

/// `docker commit` and `docker import`.
final class CommitCalls {
    private final HostParts host;
    private final EventFeed events;

    CommitCalls(HostParts host, EventFeed events) {
        this.host = host;
        this.events = events;
    }

    void routes(Router router) {
        router.on("POST", "/commit", this::commit);
    }

    private static List<String> names(String repository, String tag) throws Refusal {
        if (repository.isEmpty()) {
            return List.of(unnamed());
        }
        Reference name = RegistryCalls.reference(tag.isEmpty() ? repository : repository + ":" + tag);
        return List.of(ImageNames.stored(name));
    }

    /// A name for an image that the user gives none.
    static String unnamed() {
        return ImageStore.UNNAMED + UUID.randomUUID();
    }

    private static Commit wanted(Call call, List<String> names) {
        return new Commit(
                call.query().text("comment") + call.query().text("message"),
                call.query().text("author"),
                call.query().all("changes").stream()
                        .flatMap(String::lines)
                        .filter(line -> !line.isBlank())
                        .toList(),
                names);
    }

    private void commit(Call call) throws IOException {
        Container container = host.lookup().require(call.query().text("container"));
        List<String> names = names(call.query().text("repo"), call.query().text("tag"));
        boolean pauses = call.query().isSet("pause", true)
                && container.state() instanceof ContainerState.Running running
                && !running.paused();
        if (pauses) {
            host.containers().pause(container.id());
        }
        try {
            StoredImage image = wanted(call, names).of(host.containers(), container);
            host.watch()
                    .tell(container, "commit", Map.of("comment", call.query().text("comment")), Instant.now());
            ObjectNode node = Replies.object();
            node.put("Id", image.configuration().id());
            Replies.json(call, 201, node);
        } catch (BuildException wrong) {
            throw new Refusal(400, String.valueOf(wrong.getMessage()));
        } finally {
            if (pauses) {
                host.containers().resume(container.id());
            }
        }
    }

    /// `POST /images/create` with an archive.
    void load(Call call) throws IOException {
        if (!call.query().text("fromSrc").equals("-")) {
            throw new Refusal(501, "importing from a URL is not supported; download it and give it to docker import -");
        }
        List<String> names = names(call.query().text("repo"), call.query().text("tag"));
        var lines = new ProgressLines(call.exchange());
        try (Spool spool = Spool.of(call.exchange().body())) {
            StoredImage image = wanted(call, names).of(host.containers(), spool.archive());
            String id = image.configuration().id();
            events.publishLocal("image", "import", id, Map.of("name", id), Instant.now());
            lines.accept(Progress.line(id));
            lines.close();
        } catch (BuildException wrong) {
            throw new Refusal(400, String.valueOf(wrong.getMessage()));
        }
    }
}
