package io.panal.images.reference;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;

/// The name of some bytes by their hash, `sha256:` and 64 hexadecimal digits.
///
/// SHA-256, SHA-384 and SHA-512 are known, as in the OCI image specification.
///
/// @param algorithm `sha256`, `sha384` or `sha512`
/// @param hex lower case, as long as the algorithm asks
public record Digest(String algorithm, String hex) {
    private static final Pattern SHAPE =
            Pattern.compile("[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]+");
    private static final Pattern LOWER_HEX = Pattern.compile("[0-9a-f]+");

    /// Reads `algorithm:hex`.
    ///
    /// @throws InvalidReferenceException with docker's text when it is none
    public static Digest parse(String text) throws InvalidReferenceException {
        if (!SHAPE.matcher(text).matches()) {
            throw new InvalidReferenceException("invalid checksum digest format");
        }
        int colon = text.indexOf(':');
        Digest digest = new Digest(text.substring(0, colon), text.substring(colon + 1));
        int wanted = switch (digest.algorithm) {
            case "sha256" -> 64;
            case "sha384" -> 96;
            case "sha512" -> 128;
            default -> throw new InvalidReferenceException("unsupported digest algorithm");
        };
        if (digest.hex.length() != wanted) {
            throw new InvalidReferenceException("invalid checksum digest length");
        }
        if (!LOWER_HEX.matcher(digest.hex).matches()) {
            throw new InvalidReferenceException("invalid checksum digest format");
        }
        return digest;
    }

    /// Whether the text is a digest that [#parse] takes.
    public static boolean isDigest(String text) {
        try {
            parse(text);
            return true;
        } catch (InvalidReferenceException notOne) {
            return false;
        }
    }

    /// The SHA-256 of some bytes.
    public static Digest of(byte[] bytes) {
        return finished(sha256().digest(bytes));
    }

    /// The SHA-256 of a text in UTF-8.
    public static Digest of(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    /// The digest that a finished SHA-256 hash stands for.
    public static Digest finished(byte[] hash) {
        return new Digest("sha256", HexFormat.of().formatHex(hash));
    }

    /// A new SHA-256 computation.
    public static MessageDigest sha256() {
        return hasher("SHA-256");
    }

    /// A new computation of this digest's algorithm.
    public MessageDigest hasher() {
        return hasher("SHA-" + algorithm.substring("sha".length()));
    }

    /// Whether a finished hash is this digest.
    public boolean matches(byte[] hash) {
        return HexFormat.of().formatHex(hash).equals(hex);
    }

    /// The first twelve digits, as docker shows layers and images.
    public String brief() {
        return hex.substring(0, 12);
    }

    @Override
    public String toString() {
        return algorithm + ":" + hex;
    }

    private static MessageDigest hasher(String name) {
        try {
            return MessageDigest.getInstance(name.toUpperCase(Locale.ROOT));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has " + name, impossible);
        }
    }
}
