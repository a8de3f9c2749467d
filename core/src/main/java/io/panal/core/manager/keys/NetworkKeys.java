package io.panal.core.manager.keys;

import io.panal.core.manager.turn.Turn;
import io.panal.core.model.Network;
import io.panal.core.model.Network.Sealing;
import java.util.List;
import java.util.Optional;

/// Gives every encrypted network its keys, and a new one each period.
///
/// A key is known to the nodes for a whole period before anything is sealed with it, and for another one after:
/// nodes that hear of a rotation earlier or later understand each other.
public final class NetworkKeys {
    private NetworkKeys() {}

    /// A network without keys is told to no node.
    public static void reconcile(Turn turn, Secrets secrets) {
        for (Network network : List.copyOf(turn.view().networks().all())) {
            if (!network.isEncrypted()) {
                continue;
            }
            Optional<Sealing> present = network.sealing();
            if (present.isEmpty()) {
                turn.put(network.sealedWith(Sealing.begun(secrets.next(), secrets.next(), turn.now())));
            } else if (!present.get().since().plus(turn.limits().keyPeriod()).isAfter(turn.now())
                    && turn.takes(network)) {
                turn.put(network.sealedWith(present.get().rotated(secrets.next(), turn.now())));
            }
        }
    }
}
