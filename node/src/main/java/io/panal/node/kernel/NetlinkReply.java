package io.panal.node.kernel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// One message of the kernel's answer to a dump.
///
/// @param type the message's type
/// @param body all behind the netlink header, in the machine's byte order
public record NetlinkReply(int type, ByteBuffer body) {
    private static final int TYPE_MASK = 0x3fff;

    /// The attributes behind a fixed part.
    public Attributes attributes(int fixedBytes) {
        return Attributes.of(body.slice(fixedBytes, body.limit() - fixedBytes));
    }

    /// Attributes by type; of two of a type the last counts. A link has some fifty of them, of which few are asked
    /// for: each is looked for where it lies.
    public record Attributes(ByteBuffer all) {
        private static final int HEADER_BYTES = 4;

        static Attributes of(ByteBuffer bytes) {
            return new Attributes(bytes.duplicate().order(ByteOrder.nativeOrder()));
        }

        private Optional<ByteBuffer> find(int type) {
            Optional<ByteBuffer> found = Optional.empty();
            int end = all.limit();
            for (int start = all.position(); end - start >= HEADER_BYTES; ) {
                int length = Short.toUnsignedInt(all.getShort(start));
                if (length < HEADER_BYTES || length > end - start) {
                    break;
                }
                if ((all.getShort(start + 2) & TYPE_MASK) == type) {
                    found = Optional.of(all.slice(start + HEADER_BYTES, length - HEADER_BYTES)
                            .order(ByteOrder.nativeOrder()));
                }
                start += (length + 3) & ~3;
            }
            return found;
        }

        public Optional<byte[]> bytes(int type) {
            return find(type).map(value -> {
                byte[] copy = new byte[value.remaining()];
                value.duplicate().get(copy);
                return copy;
            });
        }

        public Optional<String> text(int type) {
            return bytes(type).map(value -> {
                int end = 0;
                while (end < value.length && value[end] != 0) {
                    end++;
                }
                return new String(value, 0, end, StandardCharsets.UTF_8);
            });
        }

        public Optional<Integer> number32(int type) {
            return find(type).map(value -> value.getInt(0));
        }

        public Optional<Integer> big32(int type) {
            return number32(type)
                    .map(value ->
                            ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? Integer.reverseBytes(value) : value);
        }

        /// What a nested list holds, in its order.
        public List<ByteBuffer> list(int type) {
            List<ByteBuffer> parts = new ArrayList<>();
            ByteBuffer rest = find(type)
                    .map(value -> value.duplicate().order(ByteOrder.nativeOrder()))
                    .orElse(ByteBuffer.allocate(0));
            while (rest.remaining() >= 4) {
                int start = rest.position();
                int length = Short.toUnsignedInt(rest.getShort(start));
                if (length < 4 || length > rest.remaining()) {
                    break;
                }
                parts.add(rest.slice(start + 4, length - 4).order(ByteOrder.nativeOrder()));
                rest.position(Math.min(rest.limit(), start + ((length + 3) & ~3)));
            }
            return parts;
        }

        public Optional<Attributes> nested(int type) {
            return find(type).map(Attributes::of);
        }
    }
}
