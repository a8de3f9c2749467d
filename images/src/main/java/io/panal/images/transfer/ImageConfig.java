package io.panal.images.transfer;

import io.panal.images.client.Repository;
import io.panal.images.manifest.Descriptor;
import io.panal.images.manifest.Platform;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The few facts of an image's configuration that are asked of a registry.
final class ImageConfig {
    private static final int LARGEST = 8 << 20;

    private ImageConfig() {}

    /// What it was built for; empty for an artifact that is no image.
    static Optional<Platform> platform(Repository repository, Descriptor config) throws IOException {
        try (InputStream body = repository.blob(config, 0)) {
            JsonNode json = JsonMapper.shared().readTree(body.readNBytes(LARGEST));
            String architecture = json.path("architecture").asString("");
            return architecture.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new Platform(
                            json.path("os").asString("linux"),
                            architecture,
                            json.path("variant").asString("")));
        } catch (JacksonException notAnImage) {
            return Optional.empty();
        }
    }
}
