package io.panal.node.link;

import io.grpc.ManagedChannel;
import io.panal.node.identity.Credentials;
import io.panal.node.identity.Identity;
import io.panal.node.identity.JoinToken;
import io.panal.node.identity.Pem;
import io.panal.node.identity.Pinned;
import io.panal.node.identity.SigningRequest;
import io.panal.node.time.Deadline;
import java.io.IOException;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.X509ExtendedTrustManager;

/// How a node comes by its certificate: the first one with a join token, the next ones with the one it has.
public final class Joining {
    private static final Duration CALL_LIMIT = Duration.ofSeconds(10);
    private static final Duration RETRY = Duration.ofMillis(300);

    private Joining() {}

    /// What came of asking.
    public sealed interface Joined {
        record Admitted(Credentials credentials) implements Joined {}

        /// @param why for the user
        record Refused(String why) implements Joined {}

        /// No manager could answer within the limit; asking again may help.
        record Unanswered(String why) implements Joined {}
    }

    /// Asks a manager, and the leader it names, to be admitted.
    ///
    /// The swarm's root is fetched unverified and must be the one the token pins; the token is shown to nobody
    /// else.
    ///
    /// @param manager `host:port`
    /// @param key of this attempt to join: who asks again with it, having missed the answer, is the same node
    /// @param arrival what this node says of itself, agreed between both ends
    public static Joined join(String manager, KeyPair key, JoinToken token, String arrival, Duration limit)
            throws InterruptedException {
        byte[] request = Wire.bytes(out -> {
            Wire.writeText(out, token.toString());
            Wire.writeText(out, SigningRequest.text(key));
            Wire.writeText(out, arrival);
        });
        return ask(manager, limit, key, address -> {
            Optional<X509Certificate> root = pinnedRoot(address, token);
            if (root.isEmpty()) {
                return new Issue.Refused("remote CA does not match fingerprint. Expected: " + token.fingerprint());
            }
            X509ExtendedTrustManager trust = Pinned.managersSignedBy(root.get());
            ManagedChannel channel = Dialing.channel(address, trust);
            return Issue.decode(called(channel, Wire.ENROLL, request));
        });
    }

    /// Asks for this node's next certificate, perhaps with another role.
    public static Joined renew(String manager, Identity identity, Duration limit) throws InterruptedException {
        KeyPair key = SigningRequest.newKey();
        byte[] request = Wire.bytes(out -> Wire.writeText(out, SigningRequest.text(key)));
        return ask(
                manager,
                limit,
                key,
                address -> Issue.decode(called(Dialing.channel(address, identity), Wire.RENEW, request)));
    }

    private static Optional<X509Certificate> pinnedRoot(String address, JoinToken token) throws IOException {
        byte[] answer = called(Dialing.channel(address, Pinned.anyone()), Wire.ROOTS, new byte[0]);
        List<X509Certificate> roots = Pem.certificates(Wire.readText(Wire.reader(answer)));
        return roots.stream().filter(token::pins).findFirst();
    }

    private interface Asking {
        Issue at(String address) throws IOException;
    }

    private static Joined ask(String manager, Duration limit, KeyPair key, Asking asking) throws InterruptedException {
        Deadline deadline = Deadline.after(limit);
        String address = manager;
        String why;
        do {
            try {
                switch (asking.at(address)) {
                    case Issue.Granted(String chain, String roots) -> {
                        return new Joined.Admitted(Credentials.of(key.getPrivate(), chain, roots));
                    }
                    case Issue.Refused(String reason) -> {
                        return new Joined.Refused(reason);
                    }
                    case Issue.Elsewhere(String leader) -> {
                        why = "the leader is " + leader;
                        address = leader;
                    }
                    case Issue.Later(String reason) -> why = reason;
                }
            } catch (IOException e) {
                why = String.valueOf(e.getMessage());
                address = manager;
            }
            Thread.sleep(RETRY);
        } while (!deadline.isOver());
        return new Joined.Unanswered(why);
    }

    private static byte[] called(ManagedChannel channel, String name, byte[] request) throws IOException {
        try {
            return Dialing.call(channel, name, request, CALL_LIMIT);
        } finally {
            channel.shutdownNow();
        }
    }
}
