package io.panal.node.engine;

import io.panal.images.reference.InvalidReferenceException;
import io.panal.images.reference.Reference;
import io.panal.node.containers.ContainersException;
import io.panal.node.containers.ImageStore;
import io.panal.node.containers.StoredImage;
import io.panal.node.http.Refusal;
import java.util.List;
import java.util.Optional;

/// Finds an image by what a user calls it: its name, its id, or the beginning of its id.
final class ImageNames {
    private final ImageStore store;

    ImageNames(ImageStore store) {
        this.store = store;
    }

    /// The name under which the store has it: by its digest when it has one, else by its tag.
    static String stored(Reference name) {
        Reference whole = name.taggedByDefault();
        return whole.digest()
                .map(digest -> whole.name() + "@" + digest)
                .orElseGet(() -> whole.name() + ":" + whole.selector());
    }

    /// @throws Refusal 404 with docker's text for `create`
    StoredImage require(String text) throws ContainersException, Refusal {
        return find(text).orElseThrow(() -> new Refusal(404, "No such image: " + familiar(text)));
    }

    /// The whole familiar form: `busybox` is `busybox:latest`.
    static String familiar(String text) {
        try {
            return Reference.parse(text).taggedByDefault().familiar();
        } catch (InvalidReferenceException noName) {
            return text;
        }
    }

    Optional<StoredImage> find(String text) throws ContainersException {
        Optional<StoredImage> named = named(text);
        if (named.isPresent()) {
            return named;
        }
        String digits = text.startsWith("sha256:") ? text.substring("sha256:".length()) : text;
        if (!digits.matches("[0-9a-f]{2,64}")) {
            return Optional.empty();
        }
        List<StoredImage> begun = store.list().stream()
                .filter(image -> image.configuration().id().startsWith("sha256:" + digits)
                        || image.digest().startsWith("sha256:" + digits))
                .toList();
        return begun.stream()
                                .map(image -> image.configuration().id())
                                .distinct()
                                .count()
                        == 1
                ? Optional.of(begun.getFirst())
                : Optional.empty();
    }

    private Optional<StoredImage> named(String text) throws ContainersException {
        try {
            return store.find(stored(Reference.parse(text)));
        } catch (InvalidReferenceException noName) {
            return Optional.empty();
        }
    }

    /// Whether the text is an image's name, rather than an id.
    boolean isName(String text) throws ContainersException {
        return named(text).isPresent();
    }
}
