package io.panal.core.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Map;
import java.util.Optional;

/// Bytes for tasks that anybody may read.
public record Config(Id<Config> id, Meta meta, ConfigSpec spec) implements Stored<Config> {
    /// @param data base 64
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record ConfigSpec(
            @JsonInclude(JsonInclude.Include.ALWAYS) String name,
            @JsonInclude(JsonInclude.Include.ALWAYS) Map<String, String> labels,
            String data,
            Optional<ContainerSpec.Mount.LogDriverLike> templating) {
        public ConfigSpec {
            labels = Labels.sorted(labels);
        }
    }

    public static Config created(Id<Config> id, ConfigSpec spec) {
        return new Config(id, Meta.UNSTAMPED, spec);
    }

    /// Its bytes never change.
    public Config relabelled(Map<String, String> labels) {
        return new Config(id, meta, new ConfigSpec(spec.name(), labels, spec.data(), spec.templating()));
    }

    @Override
    public Config stamped(Meta stamp) {
        return new Config(id, stamp, spec);
    }
}
