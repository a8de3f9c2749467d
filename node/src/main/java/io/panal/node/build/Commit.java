package io.panal.node.build;

import io.panal.node.containers.Container;
import io.panal.node.containers.Containers;
import io.panal.node.containers.ImageLayer;
import io.panal.node.containers.ProcessPlan;
import io.panal.node.containers.StoredImage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Makes one image at once, of a container or of an archive of files.
///
/// @param changes instructions of a Dockerfile that change no file
/// @param names   what the image is to be called in the store
public record Commit(String comment, String author, List<String> changes, List<String> names) {
    /// Of what a container has changed, and how it is run.
    public StoredImage of(Containers containers, Container container) throws IOException {
        StoredImage image = containers
                .images()
                .find(container.plan().image())
                .orElseThrow(() ->
                        new BuildException("No such image: " + container.plan().image()));
        Draft draft = Draft.of(Optional.of(image));
        take(draft, container);
        change(draft, String.join(" ", container.plan().process().command().orElse(List.of())));
        try (var making = containers.images().begin()) {
            ImageLayer layer = containers.changes(container.id(), making);
            List<ImageLayer> layers = ImageLayer.appended(containers.images().layers(image), layer);
            return making.compose(layers, draft.document(), names);
        }
    }

    /// Of the files in an archive that is not compressed.
    public StoredImage of(Containers containers, Path archive) throws IOException {
        Draft draft = Draft.of(Optional.empty());
        change(draft, "");
        try (var making = containers.images().begin()) {
            return making.compose(List.of(making.layer(archive)), draft.document(), names);
        }
    }

    private void change(Draft draft, String by) throws BuildException {
        Metadata metadata = new Metadata();
        for (String change : changes) {
            String _ = metadata.apply(Dockerfile.instruction(0, change), draft, draft.environment());
        }
        if (!author.isEmpty()) {
            draft.author(author);
        }
        draft.step(by, comment, false, Instant.now());
    }

    private static void take(Draft draft, Container container) {
        ProcessPlan process = container.plan().process();
        process.entrypoint().ifPresent(words -> {
            draft.words("Entrypoint", words);
            draft.words("Cmd", List.of());
        });
        process.command().ifPresent(words -> draft.words("Cmd", words));
        for (String pair : process.environment()) {
            String[] parts = pair.split("=", 2);
            if (parts.length == 2) {
                draft.environment(parts[0], parts[1]);
            }
        }
        process.directory().ifPresent(directory -> draft.text("WorkingDir", directory));
        process.user().ifPresent(user -> draft.text("User", user));
        process.stopSignal().ifPresent(signal -> draft.text("StopSignal", signal));
        container.plan().labels().forEach(draft::label);
    }
}
