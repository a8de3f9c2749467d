package io.panal.core.manager.orchestrator;

import io.panal.core.manager.turn.Turn;
import io.panal.core.model.Id;
import io.panal.core.model.Meta;
import io.panal.core.model.Revision;
import io.panal.core.model.Service;
import io.panal.core.model.ServiceSpec;
import io.panal.core.store.View;
import java.util.Optional;

/// Which revision a spec is made to tasks by: one that is known serves again.
public final class Revisions {
    /// @param fresh to be put when the spec asks for one that is not there yet
    public record Choice(Id<Revision> id, Optional<Revision> fresh) {}

    private Revisions() {}

    /// With the credentials that the service's tasks have used so far.
    public static Choice forSpec(Id<Service> service, ServiceSpec spec, View view, Turn turn) {
        return forSpec(service, spec, "", view, turn);
    }

    /// @param registryAuth empty keeps those that the service's tasks have used so far
    public static Choice forSpec(Id<Service> service, ServiceSpec spec, String registryAuth, View view, Turn turn) {
        Optional<Revision> known = view.revisionsOf(service).stream()
                .filter(revision -> revision.serves(spec.taskTemplate(), spec.hostPorts()))
                .findFirst();
        String former = view.services()
                .find(service)
                .flatMap(found -> view.revisions().find(found.revision()))
                .map(Revision::registryAuth)
                .orElse("");
        String credentials = registryAuth.isEmpty() ? former : registryAuth;
        return known.map(revision -> new Choice(
                        revision.id(),
                        revision.registryAuth().equals(credentials)
                                ? Optional.empty()
                                : Optional.of(revision.authorised(credentials))))
                .orElseGet(() -> {
                    Revision fresh = new Revision(
                            turn.newId(), Meta.UNSTAMPED, service, spec.taskTemplate(), spec.hostPorts(), credentials);
                    return new Choice(fresh.id(), Optional.of(fresh));
                });
    }
}
