package io.panal.core.manager;

import io.panal.core.model.Id;
import io.panal.core.model.Node;
import io.panal.core.store.View;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;

/// Who takes part in consensus and should not: asked for once per state or change of members.
final class Membership {
    private long version = -1;
    private NavigableSet<Id<Node>> members = new TreeSet<>();

    List<ManagerEffect> check(View view, NavigableSet<Id<Node>> present) {
        if (view.cluster().isEmpty() || (version == view.version() && members.equals(present))) {
            return List.of();
        }
        version = view.version();
        members = new TreeSet<>(present);
        return members.stream()
                .filter(member ->
                        view.nodes().find(member).filter(Node::isManager).isEmpty())
                .map(ManagerEffect.RemoveMember::new)
                .map(ManagerEffect.class::cast)
                .toList();
    }
}
