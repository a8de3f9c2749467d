package io.panal.core.manager.allocator;

import io.panal.core.model.Id;
import io.panal.core.model.Network;
import io.panal.core.model.Service;
import io.panal.core.model.ServiceSpec;
import io.panal.core.model.TaskSpec;
import io.panal.core.store.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Which networks are to be attached to what.
public final class Attachments {
    private Attachments() {}

    /// The networks that tasks of a service are on: those it names, and ingress when it publishes a port there.
    public static List<Id<Network>> wantedBy(Service service, View view) {
        List<Id<Network>> wanted = new ArrayList<>(namedBy(service.spec(), view));
        if (!service.spec().ingressPorts().isEmpty()) {
            ingress(view).map(Network::id).filter(id -> !wanted.contains(id)).ifPresent(wanted::addFirst);
        }
        return wanted;
    }

    static List<Id<Network>> namedBy(ServiceSpec spec, View view) {
        return spec.wantedNetworks().stream()
                .flatMap(target -> resolved(target.target(), view).stream())
                .map(Network::id)
                .distinct()
                .toList();
    }

    /// A network by id or name: `service create` sends ids, `stack deploy` names.
    public static Optional<Network> resolved(String target, View view) {
        return target.isEmpty()
                ? Optional.empty()
                : view.networks()
                        .find(new Id<>(target))
                        .filter(network -> !network.departing())
                        .or(() -> view.networkNamed(target));
    }

    public static Optional<Network> ingress(View view) {
        return view.networks().all().stream()
                .filter(network -> network.spec().ingress() && !network.departing())
                .findFirst();
    }

    public static boolean isIngress(Id<Network> id, View view) {
        return view.networks()
                .find(id)
                .filter(network -> network.spec().ingress() && !network.departing())
                .isPresent();
    }

    /// As [Network#isOfNode()].
    public static boolean isOfNode(Id<Network> id, View view) {
        return view.networks().find(id).filter(Network::isOfNode).isPresent();
    }

    public static boolean hasVirtualIps(ServiceSpec spec) {
        return spec.endpointSpec()
                .map(ServiceSpec.EndpointSpec::mode)
                .filter("dnsrr"::equals)
                .isEmpty();
    }

    /// Other names of a service's tasks in a network.
    public static List<String> aliases(ServiceSpec spec, Network network) {
        return spec.wantedNetworks().stream()
                .filter(target -> target.target().equals(network.id().value())
                        || target.target().equals(network.spec().name()))
                .findFirst()
                .map(TaskSpec.NetworkTarget::aliases)
                .orElse(List.of());
    }
}
