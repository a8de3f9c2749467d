package io.panal.node.engine;

import io.panal.node.containers.Container;
import io.panal.node.containers.Containers;
import io.panal.node.containers.ContainersException;
import io.panal.node.http.Refusal;
import java.util.List;
import java.util.Optional;

/// Finds a container by its id, its name or the beginning of its id.
final class ContainerLookup {
    private final Containers containers;

    ContainerLookup(Containers containers) {
        this.containers = containers;
    }

    /// @throws Refusal 404 when there is none
    Container require(String name) throws Refusal {
        String plain = name.startsWith("/") ? name.substring(1) : name;
        Optional<Container> own = containers.find(plain).or(() -> containers.named(plain));
        if (own.isPresent()) {
            return own.get();
        }
        List<Container> begun = plain.isEmpty()
                ? List.of()
                : containers.list().stream()
                        .filter(container -> container.id().startsWith(plain))
                        .toList();
        if (begun.size() > 1) {
            throw new Refusal(400, "Multiple IDs found with provided prefix: " + plain);
        }
        if (begun.isEmpty()) {
            throw new Refusal(404, "No such container: " + plain);
        }
        return begun.getFirst();
    }

    /// A container's refusal with docker's status.
    static Refusal refusal(ContainersException failure) {
        int status = switch (failure.reason()) {
            case MISSING -> 404;
            case CONFLICT -> 409;
            case INVALID -> 400;
            case UNAVAILABLE -> 503;
            case FAILED -> 500;
        };
        return new Refusal(status, String.valueOf(failure.getMessage()));
    }
}
