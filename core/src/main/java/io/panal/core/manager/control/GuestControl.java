package io.panal.core.manager.control;

import io.panal.core.manager.allocator.Allocator;
import io.panal.core.manager.allocator.Attachments;
import io.panal.core.manager.allocator.Subnet;
import io.panal.core.manager.turn.Turn;
import io.panal.core.model.Guest;
import io.panal.core.model.Id;
import io.panal.core.model.Network;
import io.panal.core.model.Node;
import io.panal.core.model.Task;
import io.panal.core.store.Kind;
import java.util.List;
import java.util.Optional;

/// Containers of no service, on networks of the swarm.
public final class GuestControl {
    private GuestControl() {}

    /// Gives it its addresses at once, or says why not. One that has some already keeps them.
    static Answer host(Command.HostGuest command, Turn turn) {
        if (turn.view().nodes().find(command.node()).isEmpty()) {
            return Answers.missing("node", command.node());
        }
        Optional<Network> found =
                Attachments.resolved(command.network(), turn.view()).filter(network -> !network.isOfNode());
        if (found.isEmpty()) {
            return new Answer.Missing("network %s not found".formatted(command.network()));
        }
        Network network = found.get();
        if (!network.spec().attachable()) {
            return new Answer.Denied(
                    "Could not attach to network %s: rpc error: code = PermissionDenied desc = network %s not manually attachable"
                            .formatted(command.network(), network.spec().name()));
        }
        Optional<Guest> before = turn.view().guestsOn(command.node()).stream()
                .filter(guest -> guest.container().equals(command.container())
                        && guest.network().equals(network.id()))
                .findFirst();
        Allocator allocator = new Allocator(turn);
        Optional<List<String>> given = before.filter(guest -> isAsAsked(guest, command.address()))
                .map(guest -> guest.attachment().addresses())
                .or(() -> allocator.guest(network, command.address()));
        if (given.isEmpty()) {
            return refusal(command, network, allocator);
        }
        before.ifPresent(guest -> turn.delete(Kind.GUEST, guest.id()));
        turn.put(Guest.arrived(
                command.id(),
                command.node(),
                command.container(),
                new Task.Attachment(network.id(), given.get(), command.names())));
        return Answers.done(command.id());
    }

    private static boolean isAsAsked(Guest guest, String address) {
        return address.isEmpty() || guest.attachment().addresses().getFirst().startsWith(address + "/");
    }

    private static Answer refusal(Command.HostGuest command, Network network, Allocator allocator) {
        if (command.address().isEmpty()) {
            return new Answer.Unavailable(allocator.full(network));
        }
        boolean isInside = Subnet.address(command.address()).stream()
                .anyMatch(address -> network.allocation().map(Network.Allocation::subnets).orElse(List.of()).stream()
                        .flatMap(subnet -> Subnet.parse(subnet.subnet()).stream())
                        .anyMatch(subnet -> subnet.contains(address)));
        return isInside
                ? new Answer.Denied("Address already in use")
                : new Answer.Refused("Invalid address %s: It does not belong to any of this network's subnets"
                        .formatted(command.address()));
    }

    /// A node speaks of its own alone.
    static Answer drop(Command.DropGuests command, Turn turn) {
        for (Id<Guest> id : command.ids()) {
            turn.view()
                    .guests()
                    .find(id)
                    .filter(guest -> guest.node().equals(command.node()))
                    .ifPresent(guest -> turn.delete(Kind.GUEST, guest.id()));
        }
        return Answers.done(command.node());
    }

    /// All of a node's, which is gone.
    public static void leave(Id<Node> node, Turn turn) {
        for (Guest guest : List.copyOf(turn.view().guestsOn(node))) {
            turn.delete(Kind.GUEST, guest.id());
        }
    }
}
