package io.panal.simulator;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/// What becomes of images when they are pulled and run. One that nothing is said of runs until it is stopped.
public final class Images {
    private final Map<String, Fate> fates = new TreeMap<>();

    /// What becomes of an image.
    public sealed interface Fate {
        /// @param why in the registry's words
        record Refused(String why) implements Fate {}

        record Exits(int code, Duration after) implements Fate {}

        /// Has a health check.
        ///
        /// @param well after its start; empty when it never succeeds
        /// @param ill after its start; empty when it stays as it is
        record Checked(Optional<Duration> well, Optional<Duration> ill) implements Fate {}
    }

    /// @param name without tag
    public void say(String name, Fate fate) {
        fates.put(name, fate);
    }

    public void forget(String name) {
        fates.remove(name);
    }

    /// Why an image cannot be had; empty when it can.
    ///
    /// @param reference with tag and digest, as a task has it
    Optional<String> refusalOf(String reference) {
        return Optional.ofNullable(fates.get(name(reference)))
                .flatMap(fate -> fate instanceof Fate.Refused(String why) ? Optional.of(why) : Optional.empty());
    }

    /// When and how what runs of it ends by itself; empty when it does not.
    Optional<Fate.Exits> exitOf(String reference) {
        return Optional.ofNullable(fates.get(name(reference)))
                .flatMap(fate -> fate instanceof Fate.Exits exits ? Optional.of(exits) : Optional.empty());
    }

    /// What its health check will find; empty when it has none.
    Optional<Fate.Checked> healthOf(String reference) {
        return Optional.ofNullable(fates.get(name(reference)))
                .flatMap(fate -> fate instanceof Fate.Checked checked ? Optional.of(checked) : Optional.empty());
    }

    private static String name(String reference) {
        int at = reference.indexOf('@');
        String tagged = at < 0 ? reference : reference.substring(0, at);
        int colon = tagged.indexOf(':', tagged.lastIndexOf('/') + 1);
        return colon < 0 ? tagged : tagged.substring(0, colon);
    }

    /// The same for the same reference, and another for another.
    static String digest(String reference) {
        String part = UUID.nameUUIDFromBytes(reference.getBytes(StandardCharsets.UTF_8))
                .toString()
                .replace("-", "");
        return "sha256:" + part + part;
    }
}
