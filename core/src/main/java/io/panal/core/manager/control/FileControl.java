package io.panal.core.manager.control;

import io.panal.core.manager.turn.Turn;
import io.panal.core.model.Config;
import io.panal.core.model.ContainerSpec;
import io.panal.core.model.Id;
import io.panal.core.model.Secret;
import io.panal.core.model.Service;
import io.panal.core.model.Stored;
import io.panal.core.store.Kind;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Secrets and configs.
final class FileControl {
    private static final Pattern NAME = Pattern.compile("^[a-zA-Z0-9]+(?:[a-zA-Z0-9-_.]*[a-zA-Z0-9])?$");
    private static final int LONGEST_NAME = 64;

    /// Docker's bounds (oracle: 605, 619): a secret is smaller than this many bytes, a config at most 1000 KiB.
    private static final long SECRET_BYTES = 512_000;

    private static final long CONFIG_BYTES = 1_024_000;

    private FileControl() {}

    static Answer create(Command.CreateSecret command, Turn turn) {
        Secret.SecretSpec spec = command.spec();
        return checked(
                        "secret",
                        spec.name(),
                        turn.view().secretNamed(spec.name()).isPresent(),
                        spec.driver().isPresent() ? 1 : decodedBytes(spec.data()),
                        SECRET_BYTES)
                .orElseGet(() -> {
                    turn.weigh(spec.data().length());
                    turn.put(Secret.created(command.id(), spec));
                    return Answers.done(command.id());
                });
    }

    static Answer create(Command.CreateConfig command, Turn turn) {
        Config.ConfigSpec spec = command.spec();
        return checked(
                        "config",
                        spec.name(),
                        turn.view().configNamed(spec.name()).isPresent(),
                        decodedBytes(spec.data()),
                        CONFIG_BYTES)
                .orElseGet(() -> {
                    turn.weigh(spec.data().length());
                    turn.put(Config.created(command.id(), spec));
                    return Answers.done(command.id());
                });
    }

    private static Optional<Answer> checked(String kind, String name, boolean exists, long bytes, long limit) {
        if (name.length() > LONGEST_NAME || !NAME.matcher(name).matches()) {
            return Optional.of(Answers.invalid("invalid name, only 64 [a-zA-Z0-9-_.] characters allowed, and the start"
                    + " and end character must be [a-zA-Z0-9]"));
        }
        if (bytes <= 0 || bytes >= limit) {
            return Optional.of(
                    Answers.invalid("%s data must be larger than 0 and less than %d bytes".formatted(kind, limit)));
        }
        return exists ? Optional.of(Answers.exists("%s %s already exists".formatted(kind, name))) : Optional.empty();
    }

    private static long decodedBytes(String base64) {
        long padding = base64.endsWith("==") ? 2 : base64.endsWith("=") ? 1 : 0;
        return base64.length() / 4L * 3 - padding;
    }

    static <T extends Stored<T>> Answer relabel(
            String kind, Optional<T> found, Id<T> id, long version, Consumer<T> put) {
        if (found.isEmpty()) {
            return Answers.missing(kind, id);
        }
        if (Answers.isOutOfSequence(found.get(), version)) {
            return Answers.OUT_OF_SEQUENCE;
        }
        put.accept(found.get());
        return Answers.done(id);
    }

    /// @param name of what is to go; empty when there is none
    static <T extends Stored<T>> Answer remove(String kind, Optional<String> name, Id<T> id, Kind<T> table, Turn turn) {
        if (name.isEmpty()) {
            return Answers.missing(kind, id);
        }
        List<String> users = turn.view().services().all().stream()
                .filter(service -> references(service).anyMatch(id.value()::equals))
                .map(service -> service.spec().name())
                .sorted()
                .toList();
        if (!users.isEmpty()) {
            return Answers.invalid("%s '%s' is in use by the following service%s: %s"
                    .formatted(
                            kind,
                            name.get(),
                            users.size() == 1 ? "" : "s",
                            users.stream().collect(Collectors.joining(", "))));
        }
        turn.delete(table, id);
        return Answers.done(id);
    }

    private static Stream<String> references(Service service) {
        return service.spec().taskTemplate().containerSpec().stream()
                .flatMap(container -> Stream.concat(
                        container.secrets().stream().map(ContainerSpec.SecretReference::secretId),
                        container.configs().stream().map(ContainerSpec.ConfigReference::configId)));
    }
}
