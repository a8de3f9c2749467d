package io.panal.node.sealing;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// How a frame looks on its way: a header in clear that is vouched for, the frame sealed with ChaCha20-Poly1305
/// (RFC 8439), and its tag of 16 bytes.
///
/// The header: kind (1 byte), the network's tunnel number (3), the key's generation (4), the sender's start (8), the
/// frame's number (8). The nonce is that number.
final class Frames {
    static final byte KIND = 1;
    static final int HEADER_BYTES = 24;
    static final int TAG_BYTES = 16;

    private static final String CIPHER = "ChaCha20-Poly1305";
    private static final int NONCE_BYTES = 12;
    private static final int VNI_BITS = 24;

    private Frames() {}

    /// @param generation of the network's key
    /// @param sender which start of which node
    record Header(int vni, int generation, long sender, long number) {
        /// Empty when these bytes are no frame.
        static Optional<Header> read(byte[] packet, int length) {
            if (length <= HEADER_BYTES + TAG_BYTES || packet[0] != KIND) {
                return Optional.empty();
            }
            ByteBuffer bytes = ByteBuffer.wrap(packet);
            int vni = bytes.getInt(0) & ((1 << VNI_BITS) - 1);
            return Optional.of(new Header(vni, bytes.getInt(4), bytes.getLong(8), bytes.getLong(16)));
        }

        private void write(byte[] packet) {
            ByteBuffer.wrap(packet)
                    .putInt((KIND << VNI_BITS) | vni)
                    .putInt(generation)
                    .putLong(sender)
                    .putLong(number);
        }
    }

    /// Seals under one key. Its caller gives each number once.
    static final class Sealer {
        private final Sealed key;

        Sealer(byte[] key) {
            this.key = new Sealed(key);
        }

        /// @param packet gets header, sealed frame and tag, from its beginning
        /// @return the packet's length
        int seal(Header header, byte[] frame, int length, byte[] packet) {
            header.write(packet);
            try {
                Cipher cipher = key.ready(Cipher.ENCRYPT_MODE, header.number());
                cipher.updateAAD(packet, 0, HEADER_BYTES);
                return HEADER_BYTES + cipher.doFinal(frame, 0, length, packet, HEADER_BYTES);
            } catch (GeneralSecurityException impossible) {
                throw new IllegalStateException("a frame of %d bytes cannot be sealed".formatted(length), impossible);
            }
        }
    }

    /// Opens what was sealed under one key, each number once.
    static final class Opener {
        private final Sealed key;
        private final ReplayWindow window = new ReplayWindow();

        Opener(byte[] key) {
            this.key = new Sealed(key);
        }

        /// @param length of the packet
        /// @return the frame's length; -1 when it was seen before, or nobody with the key has sealed it
        int open(Header header, byte[] packet, int length, byte[] frame) {
            if (!window.admits(header.number())) {
                return -1;
            }
            try {
                Cipher cipher = key.ready(Cipher.DECRYPT_MODE, header.number());
                cipher.updateAAD(packet, 0, HEADER_BYTES);
                int opened = cipher.doFinal(packet, HEADER_BYTES, length - HEADER_BYTES, frame, 0);
                window.mark(header.number());
                return opened;
            } catch (GeneralSecurityException forged) {
                return -1;
            }
        }
    }

    private static final class Sealed {
        private final SecretKeySpec key;
        private final Cipher cipher;
        private final ByteBuffer nonce = ByteBuffer.allocate(NONCE_BYTES);

        Sealed(byte[] key) {
            this.key = new SecretKeySpec(key, "ChaCha20");
            try {
                cipher = Cipher.getInstance(CIPHER);
            } catch (GeneralSecurityException missing) {
                throw new IllegalStateException("every Java has " + CIPHER, missing);
            }
        }

        Cipher ready(int mode, long number) throws GeneralSecurityException {
            nonce.putLong(NONCE_BYTES - Long.BYTES, number);
            cipher.init(mode, key, new IvParameterSpec(nonce.array()));
            return cipher;
        }
    }
}
