package io.panal.node.kernel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

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

    /// Attributes by type; of two of a type the last counts.
    public record Attributes(Map<Integer, ByteBuffer> values) {
        static Attributes of(ByteBuffer bytes) {
            ByteBuffer rest = bytes.duplicate().order(ByteOrder.nativeOrder());
            Map<Integer, ByteBuffer> values = new TreeMap<>();
            while (rest.remaining() >= 4) {
                int start = rest.position();
                int length = Short.toUnsignedInt(rest.getShort(start));
                if (length < 4 || length > rest.remaining()) {
                    break;
                }
                int type = rest.getShort(start + 2) & TYPE_MASK;
                values.put(type, rest.slice(start + 4, length - 4).order(ByteOrder.nativeOrder()));
                rest.position(Math.min(rest.limit(), start + ((length + 3) & ~3)));
            }
            return new Attributes(values);
        }

        public Optional<byte[]> bytes(int type) {
            return Optional.ofNullable(values.get(type)).map(value -> {
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
            return Optional.ofNullable(values.get(type)).map(value -> value.getInt(0));
        }

        public Optional<Integer> big32(int type) {
            return number32(type)
                    .map(value ->
                            ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? Integer.reverseBytes(value) : value);
        }

        /// What a nested list holds, in its order.
        public List<ByteBuffer> list(int type) {
            List<ByteBuffer> parts = new ArrayList<>();
            ByteBuffer rest = Optional.ofNullable(values.get(type))
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
            return Optional.ofNullable(values.get(type)).map(Attributes::of);
        }
    }
}
