package io.panal.node.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuthorityTest {
    private final Instant now = Instant.now();
    private final Authority authority = Authority.create(now);

    private Credentials credentials(Authority signer, String node, Role role, String cluster) throws IOException {
        KeyPair key = SigningRequest.newKey();
        SigningRequest request = SigningRequest.read(SigningRequest.text(key)).orElseThrow();
        X509Certificate certificate =
                signer.issue(request, new NodeName(node, role, cluster), now, Authority.NODE_VALIDITY);
        return Credentials.of(key.getPrivate(), Pem.text(List.of(certificate)), signer.certificateText());
    }

    @Test
    void aCertificateNamesNodeRoleAndCluster() throws IOException {
        Credentials credentials = credentials(authority, "node1", Role.WORKER, "cluster1");
        assertThat(credentials.name()).isEqualTo(new NodeName("node1", Role.WORKER, "cluster1"));
        assertThat(Duration.between(now, credentials.certificate().getNotAfter().toInstant()))
                .isBetween(Duration.ofDays(89), Duration.ofDays(90));
    }

    @Test
    void anAuthorityReadFromItsTextSignsWhatTheFirstOneSigned() throws Exception {
        Authority again = Authority.read(authority.certificateText(), authority.keyText());
        Credentials credentials = credentials(again, "n", Role.MANAGER, "c").trusting(List.of(authority.certificate()));
        var chain = credentials.chain().toArray(X509Certificate[]::new);
        new Identity(credentials).managersOnly().checkServerTrusted(chain, "UNKNOWN");
    }

    @Test
    void aRequestChangedOnTheWayIsNoRequest() {
        String text = SigningRequest.text(SigningRequest.newKey());
        char last = text.charAt(120);
        String changed = text.substring(0, 120) + (last == 'A' ? 'B' : 'A') + text.substring(121);
        assertThat(SigningRequest.read(text)).isPresent();
        assertThat(SigningRequest.read(changed)).isEmpty();
        assertThat(SigningRequest.read("nothing")).isEmpty();
    }

    @Test
    void aWorkerIsNoManagerAndAnotherSwarmsNodeIsNobody() throws Exception {
        var identity = new Identity(credentials(authority, "me", Role.MANAGER, "c"));
        var worker = credentials(authority, "w", Role.WORKER, "c").chain().toArray(X509Certificate[]::new);
        var foreign = credentials(Authority.create(now), "f", Role.MANAGER, "c")
                .chain()
                .toArray(X509Certificate[]::new);
        var other = credentials(authority, "o", Role.MANAGER, "d").chain().toArray(X509Certificate[]::new);

        identity.anyNode().checkClientTrusted(worker, "UNKNOWN");
        assertThatThrownBy(() -> identity.managersOnly().checkServerTrusted(worker, "UNKNOWN"))
                .isInstanceOf(CertificateException.class)
                .hasMessageContaining("no manager");
        assertThatThrownBy(() -> identity.anyNode().checkClientTrusted(foreign, "UNKNOWN"))
                .isInstanceOf(CertificateException.class);
        assertThatThrownBy(() -> identity.anyNode().checkClientTrusted(other, "UNKNOWN"))
                .hasMessageContaining("another swarm");
    }

    @Test
    void duringRotationBothAuthoritiesAreBelieved() throws Exception {
        Authority next = Authority.create(now);
        Credentials old = credentials(authority, "a", Role.MANAGER, "c");
        var identity = new Identity(old);
        var renewed = credentials(next, "b", Role.MANAGER, "c").chain().toArray(X509Certificate[]::new);
        assertThatThrownBy(() -> identity.anyNode().checkClientTrusted(renewed, "UNKNOWN"))
                .isInstanceOf(CertificateException.class);

        identity.replace(old.trusting(List.of(authority.certificate(), next.certificate())));

        identity.anyNode().checkClientTrusted(renewed, "UNKNOWN");
        identity.anyNode().checkClientTrusted(old.chain().toArray(X509Certificate[]::new), "UNKNOWN");
    }

    @Test
    void whatTheNextRootSignsIsBelievedByWhoTrustsOnlyThePresentOneAndByWhoTrustsOnlyTheNext() throws Exception {
        Authority next = Authority.create(now);
        Authority signer = next.endorsedBy(List.of(authority.endorse(next, now)));
        KeyPair key = SigningRequest.newKey();
        var name = new NodeName("b", Role.MANAGER, "c");
        var leaf = signer.issue(new SigningRequest(key.getPublic()), name, now, Authority.NODE_VALIDITY);
        X509Certificate[] renewed = signer.chain(leaf).toArray(X509Certificate[]::new);
        assertThat(renewed).hasSize(2);

        var present = new Identity(credentials(authority, "a", Role.MANAGER, "c"));
        present.anyNode().checkClientTrusted(renewed, "UNKNOWN");
        present.managersOnly().checkServerTrusted(renewed, "UNKNOWN");

        var rotated =
                new Identity(Credentials.of(key.getPrivate(), Pem.text(List.of(renewed)), next.certificateText()));
        rotated.managersOnly().checkServerTrusted(renewed, "UNKNOWN");
        assertThatThrownBy(() -> rotated.anyNode()
                        .checkClientTrusted(
                                credentials(authority, "a", Role.MANAGER, "c")
                                        .chain()
                                        .toArray(X509Certificate[]::new),
                                "UNKNOWN"))
                .isInstanceOf(CertificateException.class);
    }

    @Test
    void lockedKeysOpenOnlyWithTheUnlockKeyAndNothingOfThemIsOnDisk(@TempDir Path directory) throws IOException {
        var files = new CertificateFiles(directory);
        Credentials credentials = credentials(authority, "n", Role.MANAGER, "c");
        files.save(credentials);
        SealingKey diskKey = files.diskKey();
        SealingKey unlockKey = SealingKey.fresh();
        String secret = credentials.keyText().lines().skip(1).findFirst().orElseThrow();
        assertThat(Files.readString(directory.resolve("swarm-node.key"))).contains(secret);

        files.lockWith(Optional.of(unlockKey), credentials);
        assertThat(Files.readString(directory.resolve("swarm-node.key")))
                .doesNotContain(secret)
                .doesNotContain("PRIVATE KEY")
                .doesNotContain("DISK KEY");

        var restarted = new CertificateFiles(directory);
        assertThat(restarted.isLocked()).isTrue();
        assertThatThrownBy(restarted::load).isInstanceOf(IOException.class);
        assertThat(restarted.unlock(SealingKey.fresh())).isFalse();
        assertThat(restarted.isLocked()).isTrue();
        String shown = unlockKey.unlockKey();
        assertThat(shown).matches("SWMKEY-1-[A-Za-z0-9+/]{43}");
        assertThat(restarted.unlock(SealingKey.ofUnlockKey(shown).orElseThrow()))
                .isTrue();
        assertThat(restarted.load()).contains(credentials);
        assertThat(restarted.diskKey()).isEqualTo(diskKey);

        restarted.lockWith(Optional.empty(), credentials);
        assertThat(new CertificateFiles(directory).load()).contains(credentials);
    }

    @Test
    void whatIsNoUnlockKeyIsNotTakenForOne() {
        for (String text : List.of("", "foo", "SWMKEY-1-", "SWMKEY-1-AAAA", "SWMKEY-2-" + "A".repeat(43))) {
            assertThat(SealingKey.ofUnlockKey(text)).isEmpty();
        }
    }

    @Test
    void aNodeRenewsBetweenHalfAndFourFifthsOfItsCertificatesLife() throws IOException {
        Credentials credentials = credentials(authority, "n", Role.WORKER, "c");
        assertThat(credentials.renewAt(0)).isBetween(now.plus(Duration.ofDays(44)), now.plus(Duration.ofDays(46)));
        assertThat(credentials.renewAt(1)).isBetween(now.plus(Duration.ofDays(71)), now.plus(Duration.ofDays(73)));
    }

    @Test
    void credentialsComeBackFromDiskAndAreOnlyTheOwners(@TempDir Path directory) throws IOException {
        var files = new CertificateFiles(directory.resolve("swarm/certificates"));
        assertThat(files.load()).isEmpty();
        Credentials credentials = credentials(authority, "n", Role.WORKER, "c");

        files.save(credentials);

        assertThat(files.load()).contains(credentials);
        for (String name : List.of("swarm-root-ca.crt", "swarm-node.crt", "swarm-node.key")) {
            Path file = directory.resolve("swarm/certificates").resolve(name);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
        }
        files.remove();
        assertThat(files.load()).isEmpty();
    }

    @Test
    void aCertificateForAnotherKeyIsRefused() throws IOException {
        Credentials one = credentials(authority, "n", Role.WORKER, "c");
        Credentials two = credentials(authority, "n", Role.WORKER, "c");
        assertThatThrownBy(() -> Credentials.of(one.key(), two.chainText(), two.rootsText()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("another key");
    }
}
