package io.panal.node.identity;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a joining node shows, and what pins the swarm's authority for it: `SWMTKN-1-<digest>-<secret>` (swarmkit,
/// `ca/config.go`).
///
/// @param digest SHA-256 of the root certificate (DER) in base 36, 50 characters
/// @param secret 128 random bits in base 36, 25 characters
public record JoinToken(String digest, String secret) {
    private static final Pattern FORM = Pattern.compile("SWMTKN-1-([0-9a-z]{50})-([0-9a-z]{25})");
    private static final int DIGEST_LENGTH = 50;
    private static final int SECRET_LENGTH = 25;
    private static final int SECRET_BYTES = 16;
    private static final int BASE = 36;

    /// A new token for the authority with this certificate.
    public static JoinToken create(X509Certificate root, RandomGenerator random) {
        var secret = new byte[SECRET_BYTES];
        random.nextBytes(secret);
        return new JoinToken(digest(root), base36(secret, SECRET_LENGTH));
    }

    /// Reads what a user typed; empty when it has not the form of a token.
    public static Optional<JoinToken> parse(String text) {
        Matcher matcher = FORM.matcher(text.strip());
        return matcher.matches() ? Optional.of(new JoinToken(matcher.group(1), matcher.group(2))) : Optional.empty();
    }

    /// Whether the certificate is the one this token was made for.
    public boolean pins(X509Certificate root) {
        return digest.equals(digest(root));
    }

    /// The digest as Docker tells it: 64 hexadecimal digits.
    public String fingerprint() {
        String digits = new BigInteger(digest, BASE).toString(16);
        return "0".repeat(Math.max(0, 64 - digits.length())) + digits;
    }

    /// Whether both are the same token, in time that does not depend on where they differ.
    public boolean sameAs(JoinToken other) {
        return MessageDigest.isEqual(
                toString().getBytes(StandardCharsets.US_ASCII), other.toString().getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public String toString() {
        return "SWMTKN-1-" + digest + "-" + secret;
    }

    private static String digest(X509Certificate root) {
        try {
            return base36(MessageDigest.getInstance("SHA-256").digest(root.getEncoded()), DIGEST_LENGTH);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static String base36(byte[] content, int length) {
        String digits = new BigInteger(1, content).toString(BASE);
        return "0".repeat(length - digits.length()) + digits;
    }
}
