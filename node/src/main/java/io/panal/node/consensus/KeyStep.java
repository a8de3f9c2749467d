package io.panal.node.consensus;

import io.panal.node.identity.SealingKey;
import java.io.IOException;
import java.nio.ByteBuffer;

/// An entry of the log that changes the data keys.
///
/// All members know a key before one uses it: a member that is away holds the change up until it is back or removed.
sealed interface KeyStep {
    /// A key that will be used; this entry is sealed with the one before it.
    ///
    /// @param purpose see [DataKeys]
    record Know(int id, SealingKey key, long purpose) implements KeyStep {}

    /// From here on everything is sealed with the key.
    record Use(int id) implements KeyStep {}

    /// Whatever was sealed before the key came into use goes from every disk: a snapshot takes its place.
    record Settle(int id) implements KeyStep {}

    int id();

    default byte[] encoded() {
        return switch (this) {
            case Know(int id, SealingKey key, long purpose) ->
                ByteBuffer.allocate(1 + Integer.BYTES + Long.BYTES + SealingKey.BYTES)
                        .put((byte) 'k')
                        .putInt(id)
                        .putLong(purpose)
                        .put(key.encoded())
                        .array();
            case Use(int id) -> encoded('u', id);
            case Settle(int id) -> encoded('s', id);
        };
    }

    private static byte[] encoded(char kind, int id) {
        return ByteBuffer.allocate(1 + Integer.BYTES)
                .put((byte) kind)
                .putInt(id)
                .array();
    }

    static KeyStep decode(byte[] encoded) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(encoded);
        byte kind = in.get();
        int id = in.getInt();
        return switch (kind) {
            case 'k' -> {
                long purpose = in.getLong();
                byte[] key = new byte[in.remaining()];
                in.get(key);
                yield new Know(id, SealingKey.decode(key), purpose);
            }
            case 'u' -> new Use(id);
            case 's' -> new Settle(id);
            default -> throw new IOException("a change of keys of unknown kind " + kind);
        };
    }

    default DataKeys applied(DataKeys keys) {
        return switch (this) {
            case Know(int id, SealingKey key, long purpose) -> keys.knowing(id, key, purpose);
            case Use(int id) -> keys.using(id);
            case Settle(int id) -> keys.settledOn(id);
        };
    }
}
