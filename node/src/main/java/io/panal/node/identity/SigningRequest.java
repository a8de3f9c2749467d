package io.panal.node.identity;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;

/// A public key whose owner has shown that it holds the private one (PKCS#10). Names in it are ignored: the
/// swarm gives them.
///
/// @param publicKey an elliptic curve or RSA key
public record SigningRequest(PublicKey publicKey) {
    /// RFC 2986: version 1 is written as 0, and the attributes may be none but not absent.
    private static final byte[] VERSION = {0x02, 0x01, 0x00};

    private static final byte[] NO_ATTRIBUTES = {(byte) 0xa0, 0x00};
    /// 2.5.4.3
    private static final byte[] COMMON_NAME = {0x06, 0x03, 0x55, 0x04, 0x03};
    /// 1.2.840.10045.4.3.2
    private static final byte[] ECDSA_WITH_SHA256 = {
        0x06, 0x08, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 0x04, 0x03, 0x02
    };

    /// A fresh P-256 key.
    public static KeyPair newKey() {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has P-256", e);
        }
    }

    /// The request for a P-256 key, as text.
    ///
    /// Written without Bouncy Castle: every node asks for certificates, and only managers need all of that library.
    public static String text(KeyPair key) {
        byte[] name = Der.sequence(Der.set(Der.sequence(COMMON_NAME, Der.text("swarm-node"))));
        byte[] asked = Der.sequence(VERSION, name, key.getPublic().getEncoded(), NO_ATTRIBUTES);
        try {
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(key.getPrivate());
            signature.update(asked);
            return Pem.text(
                    "CERTIFICATE REQUEST",
                    Der.sequence(asked, Der.sequence(ECDSA_WITH_SHA256), Der.bits(signature.sign())));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a fresh key cannot sign", e);
        }
    }

    /// Reads a request; empty when it is none, or when its signature is wrong.
    public static Optional<SigningRequest> read(String text) {
        try {
            List<byte[]> blocks = Pem.blocks(text, "CERTIFICATE REQUEST");
            if (blocks.size() != 1) {
                return Optional.empty();
            }
            var request = new JcaPKCS10CertificationRequest(blocks.getFirst());
            PublicKey key = request.getPublicKey();
            var verifier = new JcaContentVerifierProviderBuilder().build(key);
            return request.isSignatureValid(verifier) ? Optional.of(new SigningRequest(key)) : Optional.empty();
        } catch (IOException | GeneralSecurityException | OperatorCreationException | PKCSException _) {
            return Optional.empty();
        }
    }
}
