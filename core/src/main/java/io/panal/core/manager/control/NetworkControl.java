package io.panal.core.manager.control;

import io.panal.core.manager.allocator.Attachments;
import io.panal.core.manager.allocator.Subnet;
import io.panal.core.manager.turn.Turn;
import io.panal.core.model.Id;
import io.panal.core.model.Network;
import io.panal.core.model.Network.NetworkSpec;
import io.panal.core.model.Service;
import io.panal.core.store.Kind;
import io.panal.core.store.View;
import java.util.List;
import java.util.Optional;

/// Overlay networks.
final class NetworkControl {
    private static final int LARGEST_BITS = 8;
    private static final int SMALLEST_BITS = 30;

    private NetworkControl() {}

    static Answer create(Command.CreateNetwork command, Turn turn) {
        NetworkSpec spec = command.spec();
        View view = turn.view();
        if (spec.name().isEmpty()) {
            return Answers.invalid("meta: name must be provided");
        }
        if (!spec.driver().isEmpty() && !spec.driver().equals("overlay")) {
            return new Answer.Missing("plugin \"%s\" not found".formatted(spec.driver()));
        }
        if (view.networkNamed(spec.name()).isPresent()) {
            return new Answer.Conflict("network with name %s already exists".formatted(spec.name()));
        }
        Optional<Network> ingress = Attachments.ingress(view);
        if (spec.ingress() && ingress.isPresent()) {
            return Answers.exists("ingress network (%s) is already present"
                    .formatted(ingress.get().id()));
        }
        Optional<Answer> malformed = spec.ipam().stream()
                .flatMap(ipam -> ipam.config().stream())
                .flatMap(subnet -> subnetRefusal(subnet).stream())
                .findFirst();
        if (malformed.isPresent()) {
            return malformed.get();
        }
        turn.put(Network.created(command.id(), spec));
        return Answers.done(command.id());
    }

    /// A subnet is an IPv4 one, of a size that addresses can be given from; what else is said of it lies within.
    private static Optional<Answer> subnetRefusal(Network.Subnet asked) {
        if (asked.subnet().isEmpty()) {
            return Optional.empty();
        }
        Optional<Subnet> subnet = Subnet.parse(asked.subnet());
        if (subnet.isEmpty() || !asked.subnet().contains("/")) {
            return Optional.of(Answers.invalid("ipam configuration: invalid subnet " + asked.subnet()));
        }
        if (subnet.get().bits() < LARGEST_BITS || subnet.get().bits() > SMALLEST_BITS) {
            return Optional.of(Answers.invalid("ipam configuration: subnet %s is not between /%d and /%d"
                    .formatted(asked.subnet(), LARGEST_BITS, SMALLEST_BITS)));
        }
        for (String part : List.of(asked.ipRange(), asked.gateway())) {
            boolean lies = part.isEmpty()
                    || Subnet.address(part)
                            .filter(address -> subnet.get().contains(address))
                            .isPresent();
            if (!lies) {
                return Optional.of(Answers.invalid(
                        "ipam configuration: %s is not within subnet %s".formatted(part, asked.subnet())));
            }
        }
        return Optional.empty();
    }

    /// In use is what a service names: tasks that are still ending do not count, so that a stack goes in one go.
    static Answer remove(Command.RemoveNetwork command, Turn turn) {
        Optional<Network> network = turn.view().networks().find(command.id());
        if (network.isEmpty()) {
            return Answers.missing("network", command.id());
        }
        if (network.get().isOfNode()) {
            return Answers.precondition("%s is a pre-defined network and cannot be removed"
                    .formatted(network.get().spec().name()));
        }
        Optional<Service> user = turn.view().services().all().stream()
                .filter(service -> uses(service, command.id(), turn.view()))
                .findFirst();
        if (user.isPresent()) {
            Id<Service> service = user.get().id();
            return network.get().spec().ingress()
                    ? Answers.precondition(
                            "ingress network cannot be removed because service %s depends on it".formatted(service))
                    : Answers.precondition("network %s is in use by service %s".formatted(command.id(), service));
        }
        turn.delete(Kind.NETWORK, command.id());
        return Answers.done(command.id());
    }

    private static boolean uses(Service service, Id<Network> network, View view) {
        return Attachments.wantedBy(service, view).contains(network);
    }
}
