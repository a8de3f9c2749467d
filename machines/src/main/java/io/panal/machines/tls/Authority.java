package io.panal.machines.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/// A storage's own certificate authority (EC P-256) and the certificates it gives, under docker-machine's file names.
public final class Authority {
    private static final Duration VALID = Duration.ofDays(3650);
    private static final Duration CLOCK_SKEW = Duration.ofHours(1);
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Path directory;
    private final X509Certificate certificate;
    private final PrivateKey key;

    private Authority(Path directory, X509Certificate certificate, PrivateKey key) {
        this.directory = directory;
        this.certificate = certificate;
        this.key = key;
    }

    /// Opens the authority in a directory; the first caller makes it and the client's certificate.
    ///
    /// The caller holds the storage's lock.
    public static Authority in(Path directory) throws IOException {
        try {
            if (!Files.exists(directory.resolve("ca.pem"))) {
                found(directory);
            }
            var authority = new Authority(
                    directory, certificate(directory.resolve("ca.pem")), privateKey(directory.resolve("ca-key.pem")));
            if (!Files.exists(directory.resolve("cert.pem"))) {
                authority.give(
                        new Wanted("client", KeyPurposeId.id_kp_clientAuth, Optional.empty()),
                        directory.resolve("cert.pem"),
                        directory.resolve("key.pem"));
            }
            return authority;
        } catch (GeneralSecurityException | OperatorCreationException broken) {
            throw new IOException(
                    "the certificates in %s cannot be used: %s".formatted(directory, broken.getMessage()), broken);
        }
    }

    /// Gives a machine its server's certificate, and copies of what a docker client needs beside it.
    ///
    /// @param names host names and IPv4 addresses by which clients may call it
    public void certify(Path machine, String commonName, List<String> names) throws IOException {
        var alternatives = new GeneralNames(names.stream()
                .map(name ->
                        new GeneralName(name.matches("[0-9.]+") ? GeneralName.iPAddress : GeneralName.dNSName, name))
                .toArray(GeneralName[]::new));
        try {
            give(
                    new Wanted(commonName, KeyPurposeId.id_kp_serverAuth, Optional.of(alternatives)),
                    machine.resolve("server.pem"),
                    machine.resolve("server-key.pem"));
        } catch (GeneralSecurityException | OperatorCreationException broken) {
            throw new IOException("no certificate for %s: %s".formatted(commonName, broken.getMessage()), broken);
        }
        for (var file : List.of("ca.pem", "cert.pem", "key.pem")) {
            Files.copy(
                    directory.resolve(file),
                    machine.resolve(file),
                    StandardCopyOption.REPLACE_EXISTING,
                    StandardCopyOption.COPY_ATTRIBUTES);
        }
    }

    private record Wanted(String commonName, KeyPurposeId purpose, Optional<GeneralNames> alternatives) {}

    private void give(Wanted wanted, Path certificateFile, Path keyFile)
            throws IOException, GeneralSecurityException, OperatorCreationException {
        var pair = newKeys();
        var builder = builder(
                X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded()), wanted.commonName(), pair);
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
        builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(wanted.purpose()));
        if (wanted.alternatives().isPresent()) {
            builder.addExtension(
                    Extension.subjectAlternativeName,
                    false,
                    wanted.alternatives().orElseThrow());
        }
        Pem.write(keyFile, "PRIVATE KEY", pair.getPrivate().getEncoded());
        Pem.write(certificateFile, "CERTIFICATE", signed(builder, key));
    }

    private static void found(Path directory) throws IOException, GeneralSecurityException, OperatorCreationException {
        var pair = newKeys();
        var name = "Panal machines " + "%08x".formatted(RANDOM.nextInt());
        var builder = builder(new X500Name("CN=" + name), name, pair);
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
        Pem.write(
                directory.resolve("ca-key.pem"),
                "PRIVATE KEY",
                pair.getPrivate().getEncoded());
        Pem.write(directory.resolve("ca.pem"), "CERTIFICATE", signed(builder, pair.getPrivate()));
    }

    private static X509v3CertificateBuilder builder(X500Name issuer, String commonName, KeyPair pair) {
        var now = Instant.now();
        return new X509v3CertificateBuilder(
                issuer,
                new BigInteger(127, RANDOM).setBit(126),
                Date.from(now.minus(CLOCK_SKEW)),
                Date.from(now.plus(VALID)),
                new X500Name("CN=" + commonName),
                SubjectPublicKeyInfo.getInstance(pair.getPublic().getEncoded()));
    }

    private static byte[] signed(X509v3CertificateBuilder builder, PrivateKey key)
            throws IOException, OperatorCreationException {
        return builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key))
                .getEncoded();
    }

    private static KeyPair newKeys() throws GeneralSecurityException {
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"), RANDOM);
        return generator.generateKeyPair();
    }

    static X509Certificate certificate(Path file) throws IOException, GeneralSecurityException {
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(Pem.read(file)));
    }

    static PrivateKey privateKey(Path file) throws IOException, GeneralSecurityException {
        return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(Pem.read(file)));
    }
}
