package io.panal.core.manager.control;

import io.panal.core.manager.allocator.Attachments;
import io.panal.core.manager.turn.Turn;
import io.panal.core.model.Guest;
import io.panal.core.model.Id;
import io.panal.core.model.Network;
import io.panal.core.model.Service;
import io.panal.core.store.Kind;
import io.panal.core.store.View;
import java.util.Optional;

/// Overlay networks.
final class NetworkControl {
    private NetworkControl() {}

    static Answer create(Command.CreateNetwork command, Turn turn) {
        Optional<Answer> refusal = NetworkChecks.refusal(command.spec(), turn.view());
        if (refusal.isPresent()) {
            return refusal.get();
        }
        turn.put(Network.created(command.id(), command.spec()));
        return Answers.done(command.id());
    }

    /// In use is what a service names. Tasks that are still ending do not count, so that a stack goes in one go; they
    /// keep what they have of it until they are gone.
    static Answer remove(Command.RemoveNetwork command, Turn turn) {
        Optional<Network> found = turn.view().networks().find(command.id()).filter(network -> !network.departing());
        if (found.isEmpty()) {
            return Answers.missing("network", command.id());
        }
        Network network = found.get();
        if (network.isOfNode()) {
            return Answers.precondition("%s is a pre-defined network and cannot be removed"
                    .formatted(network.spec().name()));
        }
        Optional<Service> user = turn.view().services().all().stream()
                .filter(service -> uses(service, command.id(), turn.view()))
                .findFirst();
        if (user.isPresent()) {
            return NetworkChecks.inUse(network, user.get().id());
        }
        Optional<Guest> guest = turn.view().guestsIn(command.id()).stream().findFirst();
        if (guest.isPresent()) {
            return Answers.precondition("network %s is in use by task %s"
                    .formatted(network.id(), guest.get().id()));
        }
        if (turn.view().tasksIn(command.id()).isEmpty()) {
            turn.delete(Kind.NETWORK, command.id());
        } else {
            turn.put(network.leaving());
        }
        return Answers.done(command.id());
    }

    private static boolean uses(Service service, Id<Network> network, View view) {
        return Attachments.wantedBy(service, view).contains(network);
    }
}
