package io.panal.node.identity;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/// A public key whose owner has shown that it holds the private one (PKCS#10). Names in it are ignored: the
/// swarm gives
/// them.
///
/// @param publicKey an elliptic curve or RSA key
public record SigningRequest(PublicKey publicKey) {

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

    /// The request for a key, as text.
    public static String text(KeyPair key) {
        try {
            var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(key.getPrivate());
            var request = new JcaPKCS10CertificationRequestBuilder(new X500Name("CN=swarm-node"), key.getPublic());
            return Pem.text("CERTIFICATE REQUEST", request.build(signer).getEncoded());
        } catch (OperatorCreationException | IOException e) {
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
