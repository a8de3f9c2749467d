package io.panal.core.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Map;
import java.util.Optional;

/// Bytes for tasks that nobody else is to read.
public record Secret(Id<Secret> id, Meta meta, SecretSpec spec) implements Stored<Secret> {
    /// @param data base 64; never shown by the API
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record SecretSpec(
            @JsonInclude(JsonInclude.Include.ALWAYS) String name,
            @JsonInclude(JsonInclude.Include.ALWAYS) Map<String, String> labels,
            String data,
            Optional<ContainerSpec.Mount.LogDriverLike> driver,
            Optional<ContainerSpec.Mount.LogDriverLike> templating) {
        public SecretSpec {
            labels = Labels.sorted(labels);
        }
    }

    public static Secret created(Id<Secret> id, SecretSpec spec) {
        return new Secret(id, Meta.UNSTAMPED, spec);
    }

    /// Its bytes never change.
    public Secret relabelled(Map<String, String> labels) {
        return new Secret(id, meta, new SecretSpec(spec.name(), labels, spec.data(), spec.driver(), spec.templating()));
    }

    @Override
    public Secret stamped(Meta stamp) {
        return new Secret(id, stamp, spec);
    }
}
