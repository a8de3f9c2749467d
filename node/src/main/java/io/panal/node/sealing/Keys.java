package io.panal.node.sealing;

import java.util.Arrays;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// The keys of one network, as the managers gave them.
///
/// @param present generation of the one to seal with; the others open what is or was sealed elsewhere
/// @param secrets by their generations
public record Keys(int present, SortedMap<Integer, byte[]> secrets) {
    public Keys {
        secrets = new TreeMap<>(secrets);
        if (!secrets.containsKey(present)) {
            throw new IllegalArgumentException("there is no key " + present + " to seal with");
        }
    }

    /// Empty for a generation that is over, or not known yet.
    Optional<byte[]> secret(int generation) {
        return Optional.ofNullable(secrets.get(generation));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Keys keys
                && keys.present == present
                && keys.secrets.keySet().equals(secrets.keySet())
                && secrets.entrySet().stream()
                        .allMatch(entry -> Arrays.equals(entry.getValue(), keys.secrets.get(entry.getKey())));
    }

    @Override
    public int hashCode() {
        return 31 * present + secrets.keySet().hashCode();
    }

    /// Without the secrets, which belong in no log.
    @Override
    public String toString() {
        return "Keys[present=" + present + ", known=" + secrets.keySet() + "]";
    }
}
