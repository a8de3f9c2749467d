package io.panal.core.manager.allocator;

import io.panal.core.model.Id;
import io.panal.core.model.PortConfig;
import io.panal.core.model.PortConfig.Protocol;
import io.panal.core.model.PortConfig.PublishMode;
import io.panal.core.model.Service;
import io.panal.core.store.View;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;

/// The ports of services as they are reached: those left open are given from 30000 up.
public final class PublishedPorts {
    private static final int FIRST = 30000;
    private static final int LAST = 32767;

    private PublishedPorts() {}

    /// Given ports are kept as long as the service wants them.
    static List<PortConfig> of(Service service, View view) {
        List<PortConfig> ports = new ArrayList<>();
        for (PortConfig wanted : service.spec().ports()) {
            if (wanted.publishedPort() != 0 || wanted.publishMode() == PublishMode.HOST) {
                ports.add(wanted);
            } else {
                ports.add(wanted.publishedAt(
                        given(service, wanted, ports).orElseGet(() -> free(view, wanted.protocol(), ports))));
            }
        }
        return ports;
    }

    private static Optional<Integer> given(Service service, PortConfig wanted, List<PortConfig> used) {
        return service.endpoint().ports().stream()
                .filter(own -> own.publishedAt(0).equals(wanted) && !used.contains(own))
                .map(PortConfig::publishedPort)
                .findFirst();
    }

    /// @return 0 when all are taken: the service is then not reachable, and shows no port
    private static int free(View view, Protocol protocol, List<PortConfig> used) {
        NavigableSet<Integer> taken = new TreeSet<>();
        for (Service service : view.services().all()) {
            add(taken, service.spec().ports(), protocol);
            add(taken, service.endpoint().ports(), protocol);
        }
        add(taken, used, protocol);
        for (int port = FIRST; port <= LAST; port++) {
            if (!taken.contains(port)) {
                return port;
            }
        }
        return 0;
    }

    private static void add(NavigableSet<Integer> taken, List<PortConfig> ports, Protocol protocol) {
        ports.stream().filter(port -> port.protocol() == protocol).forEach(port -> taken.add(port.publishedPort()));
    }

    /// Another service that has the port already, and how.
    public record Holder(Service service, PublishMode mode) {}

    /// Ports of the mesh are anybody's on every node; ports of a host may be shared by services on different hosts.
    public static Optional<Holder> conflict(View view, PortConfig wanted, Id<Service> self) {
        if (wanted.publishedPort() == 0) {
            return Optional.empty();
        }
        for (Service service : view.services().all()) {
            if (service.id().equals(self)) {
                continue;
            }
            List<PortConfig> own = new ArrayList<>(service.spec().ports());
            own.addAll(service.endpoint().ports());
            for (PortConfig port : own) {
                boolean isSame = port.publishedPort() == wanted.publishedPort() && port.protocol() == wanted.protocol();
                boolean isShared = port.publishMode() == PublishMode.HOST && wanted.publishMode() == PublishMode.HOST;
                if (isSame && !isShared) {
                    return Optional.of(new Holder(service, port.publishMode()));
                }
            }
        }
        return Optional.empty();
    }
}
