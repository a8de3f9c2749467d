package io.panal.cli.client;

import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;

/// Private keys in PEM: PKCS#8, PKCS#1 (RSA) and SEC 1 (elliptic curve) without a password.
final class PemKeys {
    private static final byte[] RSA = {
        0x30, 0x0d, 0x06, 0x09, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00
    };
    private static final byte[] RSA_ENCRYPTION = Arrays.copyOfRange(RSA, 2, 13);
    private static final byte[] EC_PUBLIC_KEY = {0x06, 0x07, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 0x02, 0x01};
    /// After a sequence's head, the version, and another sequence's head: each head has up to four bytes.
    private static final int ALGORITHM_AT_MOST = 12;
    private static final int SEQUENCE = 0x30;
    private static final int OCTETS = 0x04;
    private static final int CURVE = 0xa0;

    private PemKeys() {}

    static PrivateKey read(String pem) throws GeneralSecurityException {
        int start = pem.indexOf("PRIVATE KEY-----");
        int end = pem.indexOf("-----END", Math.max(start, 0));
        if (start < 0 || end < 0) {
            throw new InvalidKeyException("the key file holds no private key in PEM");
        }
        byte[] body = Base64.getMimeDecoder().decode(pem.substring(start + 16, end));
        String kind =
                pem.substring(pem.lastIndexOf("-----BEGIN ", start) + 11, start).strip();
        return switch (kind) {
            case "RSA" -> decode(pkcs8(RSA, body));
            case "EC" -> decode(pkcs8(curve(body), body));
            case "" -> decode(body);
            default -> throw new InvalidKeyException(kind + " keys are not supported");
        };
    }

    /// The algorithm's name decides: to try one factory after the other costs more than all the rest of reading a key.
    private static PrivateKey decode(byte[] pkcs8) throws GeneralSecurityException {
        String algorithm = holds(pkcs8, EC_PUBLIC_KEY) ? "EC" : holds(pkcs8, RSA_ENCRYPTION) ? "RSA" : "EdDSA";
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
    }

    /// Whether the algorithm's identifier, which begins within the first bytes, names this one.
    private static boolean holds(byte[] pkcs8, byte[] name) {
        for (int at = 0; at < ALGORITHM_AT_MOST && at + name.length <= pkcs8.length; at++) {
            if (Arrays.equals(pkcs8, at, at + name.length, name, 0, name.length)) {
                return true;
            }
        }
        return false;
    }

    private static byte[] pkcs8(byte[] algorithm, byte[] key) {
        var inside = new ByteArrayOutputStream();
        inside.writeBytes(new byte[] {0x02, 0x01, 0x00});
        inside.writeBytes(algorithm);
        inside.writeBytes(element(OCTETS, key));
        return element(SEQUENCE, inside.toByteArray());
    }

    /// The algorithm identifier of a SEC 1 key, made of the curve it names in its field 0.
    private static byte[] curve(byte[] sec1) throws InvalidKeyException {
        for (int at = 0; at + 1 < sec1.length; at++) {
            if ((sec1[at] & 0xff) == CURVE && sec1[at + 2] == 0x06) {
                var inside = new ByteArrayOutputStream();
                inside.writeBytes(EC_PUBLIC_KEY);
                inside.write(sec1, at + 2, sec1[at + 1]);
                return element(SEQUENCE, inside.toByteArray());
            }
        }
        throw new InvalidKeyException("the elliptic curve key does not name its curve");
    }

    private static byte[] element(int tag, byte[] content) {
        var out = new ByteArrayOutputStream();
        out.write(tag);
        if (content.length < 128) {
            out.write(content.length);
        } else {
            int bytes = content.length < 256 ? 1 : 2;
            out.write(0x80 | bytes);
            if (bytes == 2) {
                out.write(content.length >> 8);
            }
            out.write(content.length);
        }
        out.writeBytes(content);
        return out.toByteArray();
    }
}
